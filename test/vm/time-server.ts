// Debian's chronyd as an NTP server on a port of this host, which tells this host's time and never sets it.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { runBeside } from "../background.ts";

export interface TimeServer extends AsyncDisposable {
  /** UDP, at 127.0.0.1. */
  readonly port: number;
}

/** Everything of it lies in the folder, a host path, which is made anew. */
export async function startTimeServer(program: readonly string[], folder: string): Promise<TimeServer> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const port = await findFreeUdpPort();
  // chrony.conf(5); without a command socket, which would be in a folder of the host's own.
  const settings = [
    "local stratum 5",
    "bindaddress 127.0.0.1",
    `port ${port}`,
    "allow 127.0.0.1",
    "cmdport 0",
    "bindcmdaddress /",
    `pidfile ${join(folder, "pid")}`,
  ];
  writeFileSync(join(folder, "chrony.conf"), `${settings.join("\n")}\n`);
  // chronyd(8): -d stays in the foreground, -x leaves the clock alone, -U may be anyone.
  const user = userInfo().username;
  const server = runBeside([
    ...program,
    ...["-d", "-x", "-U", "-u", user, "-l", join(folder, "log"), "-f", join(folder, "chrony.conf")],
  ]);
  return { port, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

async function findFreeUdpPort(): Promise<number> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  await new Promise<void>((done) => socket.close(() => done()));
  return port;
}
