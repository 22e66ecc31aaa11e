// Is a port of 127.0.0.1 free, and if not, who has it?
import { once } from "node:events";
import { readdir, readFile, readlink } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { errorCode, UserError } from "../lib/errors.ts";
import type { PortForward } from "./machine-options.ts";

/** Throws when the port cannot be listened on. */
export async function checkPortFree(port: number, hint: string): Promise<void> {
  const cause = await tryListen(port);
  if (cause === undefined) return;
  if (errorCode(cause) !== "EADDRINUSE")
    throw new UserError(`cannot listen on port ${port}`, { hint, cause });
  const holder = await findHolder(port);
  throw new UserError(`port ${port} is in use${holder === undefined ? "" : ` by ${holder}`}`, { hint });
}

/** A port nobody has just now: for tests, which may run beside `make up`. */
export async function findFreePort(): Promise<number> {
  const [port] = await findFreePorts(1);
  return port as number;
}

/** As many, no two of them the same: all are held until the last one is found. */
export async function findFreePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}

/** Each of the guest's ports on a port of its own of 127.0.0.1. */
export async function chooseForwards(guestPorts: readonly number[]): Promise<PortForward[]> {
  const hostPorts = await findFreePorts(guestPorts.length);
  return guestPorts.map((guestPort, index) => ({ hostPort: hostPorts[index] as number, guestPort }));
}

/** Pure: the socket inodes that listen on a port, from the text of /proc/net/tcp or tcp6. */
export function parseListeners(table: string, port: number): string[] {
  return table
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, local = "", , state]) => state === "0A" && Number.parseInt(local.split(":")[1] ?? "", 16) === port,
    )
    .map((fields) => fields[9] ?? "");
}

function tryListen(port: number): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(undefined)));
  });
}

/** Only a hint for the person: whatever cannot be read is not looked at. */
async function findHolder(port: number): Promise<string | undefined> {
  const tables = await Promise.all(
    ["/proc/net/tcp", "/proc/net/tcp6"].map((path) => readFile(path, "utf8").catch(() => "")),
  );
  const sockets = new Set(
    tables.flatMap((table) => parseListeners(table, port)).map((inode) => `socket:[${inode}]`),
  );
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    const targets = await Promise.all(
      files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => "")),
    );
    if (!targets.some((target) => sockets.has(target))) continue;
    const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "a process");
    return `${name.trim()} (pid ${pid})`;
  }
  return undefined;
}
