// Swap: in a file, or in compressed memory.
import type { Action } from "../../cloud-init/actions.ts";
import { readIfThere } from "../../expected.ts";
import type { Host } from "../../host.ts";
import { storageOnDevice } from "./links.ts";

type SetSwap = Extract<Action, { do: "set-swap" }>;

const quick = { timeoutMs: 10_000 };
/** Left free on the data partition: the engine needs some. */
const MARGIN_BYTES = 512 * 1024 * 1024;

export function setSwap(host: Host, { sizeBytes, file }: SetSwap): readonly string[] {
  if (sizeBytes === 0) return [];
  const inUse = readIfThere(host, "/proc/swaps", 64 * 1024) ?? "";
  if (file === undefined) return inUse.includes("/dev/zram0 ") ? [] : compressedMemory(host, sizeBytes);
  if (inUse.includes(`${file} `)) return [];
  const storage = storageOnDevice(host, file);
  if (storage.is === "refused") return [`swap: ${file}: ${storage.reason}`];
  if (storage.is === "passing") return [`swap: ${file}: a swap file in memory would be of no use`];
  return fileOnDisk(host, sizeBytes, file);
}

function compressedMemory(host: Host, sizeBytes: number): readonly string[] {
  const loaded = must(host, ["modprobe", "zram"]);
  if (loaded.length > 0) return loaded;
  host.writeThrough("/sys/block/zram0/disksize", String(sizeBytes));
  const made = inOrder(host, [
    ["mkswap", "/dev/zram0"],
    ["swapon", "/dev/zram0"],
  ]);
  // Swapping waits for no disk here: sooner, and a page at a time.
  return made.length > 0
    ? made
    : must(host, ["sysctl", "-q", "-w", "vm.swappiness=100", "vm.page-cluster=0"]);
}

/** One that has the size already is used as it is. Written whole: the kernel takes no file with holes. */
function fileOnDisk(host: Host, sizeBytes: number, file: string): readonly string[] {
  const mebibytes = Math.ceil(sizeBytes / 2 ** 20);
  if (host.stat(file)?.sizeBytes === mebibytes * 2 ** 20) return inOrder(host, [["swapon", file]]);
  const folder = file.slice(0, file.lastIndexOf("/"));
  host.makeDirectory(folder);
  host.remove(file);
  if (host.freeBytes(folder) < mebibytes * 2 ** 20 + MARGIN_BYTES)
    return [`swap: ${file}: too little room for ${mebibytes} MiB, of which 512 MiB stay free`];
  const unfinished = `${file}.new`;
  const made = inOrder(host, [
    ["dd", "if=/dev/zero", `of=${unfinished}`, "bs=1M", `count=${mebibytes}`, "conv=fsync"],
    ["chmod", "600", unfinished],
    ["mkswap", unfinished],
  ]);
  if (made.length > 0) {
    host.remove(unfinished);
    return made;
  }
  host.rename(unfinished, file);
  return must(host, ["swapon", file]);
}

function inOrder(host: Host, programs: readonly (readonly string[])[]): readonly string[] {
  for (const program of programs) {
    const problems = must(host, program);
    if (problems.length > 0) return problems;
  }
  return [];
}

function must(host: Host, program: readonly string[]): readonly string[] {
  const result = host.run(program, program[0] === "dd" ? { timeoutMs: 30_000 } : quick);
  return result.exitCode === 0
    ? []
    : [`swap: ${program.join(" ")}: ${result.stderr.trim() || result.exitCode}`];
}
