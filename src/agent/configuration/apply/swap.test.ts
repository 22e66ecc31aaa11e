// What is run for swap, on a device in a folder.
import { mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterEach, expect, test } from "vitest";
import { folderHost, makeDevice, type World } from "../../../../test/agent/device/folder-host.ts";
import { setSwap } from "./swap.ts";

const MIB = 2 ** 20;
const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

function run(file: string | undefined, files: Readonly<Record<string, string>> = {}, world: World = {}) {
  const root = makeDevice({ "sys/block/zram0/disksize": "", ...files });
  roots.push(root);
  const host = folderHost(root, { run: (args, at) => world.run?.(args, at) ?? dd(args, at) });
  const problems = setSwap(host, {
    do: "set-swap",
    sizeBytes: 3 * MIB,
    ...(file === undefined ? {} : { file }),
  });
  return { problems, calls: host.calls };
}

/** dd makes a file of that size. */
const dd: NonNullable<World["run"]> = (args, at) => {
  const path = /^of=(.*)/.exec(args[2] ?? "")?.[1];
  if (args[0] !== "dd" || path === undefined) return undefined;
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), "");
  truncateSync(at(path), 3 * MIB);
  return undefined;
};

test("in compressed memory, if no file is named", () => {
  expect(run(undefined)).toEqual({
    problems: [],
    calls: [
      "modprobe zram",
      "write through /sys/block/zram0/disksize",
      "mkswap /dev/zram0",
      "swapon /dev/zram0",
      "sysctl -q -w vm.swappiness=100 vm.page-cluster=0",
    ],
  });
});

test("in a file, which is whole before it has its name", () => {
  expect(run("/data/swap")).toEqual({
    problems: [],
    calls: [
      "remove /data/swap",
      "dd if=/dev/zero of=/data/swap.new bs=1M count=3 conv=fsync",
      "chmod 600 /data/swap.new",
      "mkswap /data/swap.new",
      "rename /data/swap.new /data/swap",
      "swapon /data/swap",
    ],
  });
});

test.each([
  [
    "a file that is there is used again",
    "/data/swap",
    { "data/swap": "x".repeat(3 * MIB) },
    ["swapon /data/swap"],
  ],
  ["a file in use stays as it is", "/data/swap", { "proc/swaps": "/data/swap file 3 0 -2\n" }, []],
  [
    "compressed memory in use, too: the command line was first",
    undefined,
    { "proc/swaps": "/dev/zram0 x\n" },
    [],
  ],
])("%s", (_name, file, files, calls) => {
  expect(run(file, files)).toEqual({ problems: [], calls });
});

test.each([
  ["on the read-only root", "/swap.img", {}, /read-only/],
  ["in memory", "/run/swap", {}, /would be of no use/],
  ["when the disk is full", "/data/swap", { run: fails("dd") }, /dd .*: no space/],
  ["when the kernel won't take it", "/data/swap", { run: fails("swapon") }, /swapon .*: no space/],
])("none %s, and that is told", (_name, file, world, problem) => {
  expect(run(file, {}, world).problems.join()).toMatch(problem);
});

test("an unfinished file doesn't stay", () => {
  expect(run("/data/swap", {}, { run: fails("mkswap") }).calls.at(-1)).toBe("remove /data/swap.new");
});

function fails(program: string): NonNullable<World["run"]> {
  return (args) => (args[0] === program ? { exitCode: 1, stderr: "no space left\n" } : undefined);
}
