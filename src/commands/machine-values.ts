// What options of machines are made of: ports, sizes.
import { InvalidArgumentError } from "commander";
import type { PortForward } from "../vm/machine-options.ts";

export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65535) throw new InvalidArgumentError("not a port");
  return port;
}

export function parseMemory(text: string): number {
  const memoryMiB = Number(text);
  if (!Number.isInteger(memoryMiB) || memoryMiB < 256) throw new InvalidArgumentError("at least 256");
  return memoryMiB;
}

/** "8080:80": a port of this host, and one of the machine. */
export function addForward(text: string, before: readonly PortForward[] = []): PortForward[] {
  const [host = "", guest = "", ...more] = text.split(":");
  if (more.length > 0) throw new InvalidArgumentError("two ports such as 8080:80");
  const forward = { hostPort: parsePort(host), guestPort: parsePort(guest) };
  if (before.some(({ hostPort }) => hostPort === forward.hostPort))
    throw new InvalidArgumentError(`port ${host} of this host can lead to one port only`);
  return [...before, forward];
}
