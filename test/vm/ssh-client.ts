// SSH as somebody at a workstation has it, with Debian's dropbear: keys of their own, and what `ssh` is there.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readKit } from "../../src/lib/built.ts";
import { programArgs } from "../../src/lib/locked-tools.ts";
import { run } from "../../src/lib/run.ts";
import type { Machine } from "../../src/vm/machine.ts";
import { bootLimit } from "./machine-under-test.ts";

/** Makes a key in a host folder; returns its public half, which is in NAME.pub, too. */
export async function makeKey(folder: string, name: string): Promise<string> {
  const key = join(folder, name);
  const printed = await run([...programArgs(readKit().ssh, "dropbearkey"), "-t", "ed25519", "-f", key]);
  const line = /^ssh-ed25519 .*$/m.exec(printed)?.[0] ?? "";
  writeFileSync(`${key}.pub`, `${line}\n`);
  return line;
}

/** The words of `ssh`, before whom to call. HOME is where it notes the machine's key. */
export function sshWith(key: string, port: number): string[] {
  const client = [...programArgs(readKit().ssh, "dbclient"), "-y", "-T", "-o", "BatchMode=yes"];
  return [...client, "-i", key, "-p", String(port)];
}

/** On port 22; its fingerprint is told a moment before. */
export async function untilSshListens(machine: Machine): Promise<void> {
  await machine.until("test -s /run/kubesolo-os/ssh-fingerprint", bootLimit);
  await machine.until("grep -q ':0016 .* 0A ' /proc/net/tcp /proc/net/tcp6", bootLimit);
}
