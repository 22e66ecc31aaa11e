// Bits of a disk changed while no machine uses it.
import { writeFileSync } from "node:fs";
import { readPart, sha256 } from "../../src/lib/files.ts";
import { buildPath } from "../../src/lib/paths.ts";
import { partitionSizesMib, partitionStartMib } from "../../src/release/partitions.ts";
import type { Machine } from "../../src/vm/machine.ts";
import type { MachineOptions } from "../../src/vm/machine-options.ts";
import { bootPartitionStart, findStateCopies as findStateCopiesOf } from "../../src/vm/state-copies.ts";
import { builtDisk, imageTools } from "./machine-under-test.ts";

const sectorBytes = 512;
const mib = 2 ** 20;

/** Where data that nothing else on the disk equals lies in the image: the byte of this sector of the root in slot A. */
export function findInImage(rootSector: number): number {
  return findInSlot("KSOLOA", buildPath("image/root.squashfs"), rootSector);
}

/** Bytes of the image where the copies of the state of the boot begin. */
export function findStateCopies(): number[] {
  return findStateCopiesOf(builtDisk()).map((place) => bootPartitionStart + place);
}

/** The byte of the image where this sector of a host's file lies in a slot. */
export function findInSlot(slot: "KSOLOA" | "KSOLOB", file: string, sector: number): number {
  const wanted = readPart(file, sector * sectorBytes, sectorBytes);
  const start = partitionStartMib(slot) * mib;
  for (let at = start; at < start + partitionSizesMib[slot] * mib; at += mib) {
    const found = readPart(builtDisk(), at, mib).indexOf(wanted);
    if (found >= 0 && found % sectorBytes === 0) return at + found;
  }
  throw new Error(`sector ${sector} of ${file} is not in the slot ${slot}`);
}

/** A sector of the root that is read for a program's first bytes, not the first one, which may be another file's end. What runs can't be read anew. */
export async function findRootSector(machine: Machine, program: string): Promise<number> {
  const event = "/sys/kernel/tracing/events/block/block_bio_queue/enable";
  const trace = await machine.succeed(
    [
      "mountpoint -q /sys/kernel/tracing || mount -t tracefs none /sys/kernel/tracing",
      "echo 1 >/proc/sys/vm/drop_caches",
      `echo >/sys/kernel/tracing/trace && echo 1 >${event}`,
      `head -c 1 ${program} >/dev/null && echo 0 >${event}`,
      `grep " $(cat /sys/block/dm-0/dev | tr : ,) R.*\\[head\\]" /sys/kernel/tracing/trace`,
    ].join("\n"),
  );
  const reads = [...trace.matchAll(/R\S* (\d+) \+ (\d+) \[head\]/g)];
  // Before it, its inode may be read, which is small and among those that every boot needs.
  const [largest] = reads.sort(([, , one], [, , other]) => Number(other) - Number(one));
  if (largest === undefined) throw new Error(`no read of ${program} in the trace:\n${trace}`);
  return Number(largest[1]) + 8;
}

/** Flips one bit of a disk made over the image; `at` is a byte where a sector begins. */
export async function flipBit({ path, format }: MachineOptions["disk"], at: number): Promise<void> {
  const sector = readPart(builtDisk(), at, sectorBytes);
  sector[100] = (sector[100] ?? 0) ^ 1;
  await writeBytes({ path, format }, at, sector);
}

/** Writes whole sectors at a byte of a disk. */
export async function writeBytes(
  { path, format }: MachineOptions["disk"],
  at: number,
  bytes: Buffer,
): Promise<void> {
  const file = `${path}.bytes`;
  writeFileSync(file, bytes);
  await imageTools().run(["qemu-io", "-f", format, "-c", `write -q -s ${file} ${at} ${bytes.length}`, path]);
}

/** What lies in a range of a disk, such as "1M" and "64k", as a dump to compare. */
export async function readRange(
  { path, format }: MachineOptions["disk"],
  at: string,
  size: string,
): Promise<string> {
  const printed = await imageTools().run([
    "qemu-io",
    "-r",
    "-f",
    format,
    "-c",
    `read -v ${at} ${size}`,
    path,
  ]);
  // The last lines tell how long it took.
  const dump = printed.split("\n").filter((line) => /^[0-9a-f]+: /.test(line));
  if (dump.length === 0) throw new Error(`nothing read at ${at}`);
  return sha256(dump.join("\n"));
}

/** Writes a pattern over a range of a disk, such as "1M" and "64k". */
export async function overwrite(
  { path, format }: MachineOptions["disk"],
  at: string,
  size: string,
): Promise<void> {
  await imageTools().run(["qemu-io", "-f", format, "-c", `write -q -P 0xa5 ${at} ${size}`, path]);
}
