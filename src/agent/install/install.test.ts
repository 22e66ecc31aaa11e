// An installation onto a disk of which the test keeps what was written where, and the power cut at each of its changes.
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { folderHost, makeDevice, PowerCut, readDevice } from "../../../test/agent/device/folder-host.ts";
import { makeRelease } from "../../../test/agent/device/updatable-device.ts";
import { DISK_START } from "../../release/partitions.ts";
import type { Host } from "../host.ts";
import { runAgent } from "../main.ts";

const MIB = 2 ** 20;
const SIZE = 8 * 2 ** 30;
const release = makeRelease("1.1.0");
const start = new Uint8Array(3 * MIB).fill(7);
const kept = JSON.stringify({
  origin: "CIDATA",
  sources: [
    { kind: "user-data", name: "CIDATA user-data", text: "#cloud-config\nhostname: shop-1\n" },
    { kind: "meta-data", name: "CIDATA meta-data", text: "instance-id: i-1\n" },
  ],
});

function makeBox(files: Record<string, string> = {}) {
  const root = makeDevice({
    ...Object.fromEntries(
      Object.entries(release.files).map(([name, content]) => [`run/slot/${name}`, content]),
    ),
    [`run/slot/${DISK_START}`]: start,
    "run/kubesolo-os/boot-disk": "sr0\n",
    "etc/kubesolo/cloud-init.json": kept,
    "etc/kubesolo/install.json": JSON.stringify({ isErased: false, end: "poweroff" }),
    "sys/block/sda/size": `${SIZE / 512}\n`,
    "sys/block/sda/device/model": "Disk\n",
    "sys/block/sr0/size": "100\n",
    "sys/block/sr0/device/model": "CD\n",
    "sys/block/loop0/size": "100\n",
    "proc/self/stat": "42 (agent) S",
    ...files,
  });
  onTestFinished(() => rmSync(root, { recursive: true }));
  return root;
}

/** Runs `install`; `changes`: how many are made before the power goes. */
function install(
  root: string,
  args: readonly string[] = [],
  changes?: number,
  disk = new Map<number, number>(),
) {
  let place = "";
  const at = (path: string) => join(root, path);
  const base = folderHost(root, {
    ...(changes !== undefined && { changes }),
    run: (words) => {
      if (words[0] === "blkid") return { exitCode: 2 };
      if (words[0] === "losetup" && words[1] === "-f") return { stdout: "/dev/loop1\n" };
      if (words[0] === "losetup" && words[1] === "-o") place = words[2] ?? "";
      const folder = at(words.at(-1) ?? "");
      if (words[0] === "mount") {
        mkdirSync(at(`disk/${place}`), { recursive: true });
        rmSync(folder, { recursive: true, force: true });
        symlinkSync(at(`disk/${place}`), folder);
      }
      if (words[0] === "umount") rmSync(folder, { recursive: true });
      return {};
    },
  });
  const changed = (call: string, work: () => void) => {
    base.run([call], { timeoutMs: 1 });
    work();
  };
  const host: Host = {
    ...base,
    decompressFile: (_path, _format, target) => writeFileSync(at(target), start),
    readBlocks: (device, offset, size) =>
      device === "/dev/sda"
        ? new Uint8Array(size).fill(disk.get(offset) ?? 0)
        : base.readBlocks(device, offset, size),
    writeBlocks: (device, offset, content) =>
      changed(`blocks ${device} ${offset}`, () => disk.set(offset, content[0] ?? 0)),
  };
  try {
    return { code: runAgent(host, ["install", ...args], "1"), host, base, disk };
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
    return { code: undefined, host, base, disk };
  }
}

/** By where its partition begins. */
const SLOT_A = `disk/${258 * MIB}`;

test("the disk gets all of the release twice, the configuration, and its first sector last", () => {
  const root = makeBox();
  const { code, base, disk } = install(root);
  expect([code, base.printed.at(-1)]).toEqual([0, "poweroff"]);
  for (const place of [258, 770])
    expect(
      Object.keys(readDevice(root, `disk/${place * MIB}`)).map((path) => path.split("/").at(-1)),
    ).toEqual(["boot.cfg", "initramfs.img", "release.json", "root.squashfs", "sha256sums", "vmlinuz"]);
  expect(readDevice(root, `disk/${2 * MIB}/kubesolo`)).toEqual({
    [`disk/${2 * MIB}/kubesolo/meta-data`]: "instance-id: i-1\n",
    [`disk/${2 * MIB}/kubesolo/user-data`]: "#cloud-config\nhostname: shop-1\n",
  });
  const written = base.calls.filter((call) => call.startsWith("blocks"));
  expect(written.slice(0, 2)).toEqual(["blocks /dev/sda 0", `blocks /dev/sda ${SIZE - MIB}`]);
  expect(written.slice(-2)).toEqual(["blocks /dev/sda 512", "blocks /dev/sda 0"]);
  expect([disk.get(0), disk.get(SIZE - MIB)]).toEqual([7, 0]);
  expect(base.calls.filter((call) => call.startsWith("/usr/sbin/mke2fs"))).toHaveLength(3);
});

test("wherever the power is cut, nothing starts from the disk before all of it is there; the next try makes it good", () => {
  const { base, disk: whole } = install(makeBox());
  const all = base.calls.length;
  expect(all).toBeGreaterThan(40);
  for (let changes = 0; changes < all; changes++) {
    const root = makeBox();
    const { disk, base: cut } = install(root, [], changes);
    const isStartable = disk.get(0) === 7;
    // Only what tells the kernel and the person comes behind it.
    if (isStartable) expect(cut.calls.length).toBeGreaterThanOrEqual(all - 3);
    if (isStartable) continue;
    const again = install(root, [], undefined, disk);
    expect([again.code, again.disk.get(0)]).toEqual([0, whole.get(0)]);
    expect(readDevice(root, SLOT_A)[`${SLOT_A}/root.squashfs`]).toBeDefined();
  }
}, 120_000);

test.each<[string, Record<string, string>, string[], number, RegExp]>([
  ["a disk with partitions", { "sys/block/sda/sda1/uevent": "PARTNAME=photos\n" }, [], 1, /sda holds photos/],
  [
    "a disk that is mounted",
    { "proc/mounts": "/dev/sda /data ext4 rw 0 0\n" },
    ["--erase", "sda"],
    1,
    /sda is in use/,
  ],
  ["a disk under a volume", { "sys/block/sda/holders/dm-0/x": "" }, ["--erase", "sda"], 1, /sda is in use/],
  ["the medium itself", {}, ["--erase", "sr0"], 1, /no disk "sr0"/],
  ["two disks", {}, ["sda", "sdb"], 64, /unexpected "sdb"/],
  [
    "a disk that has the system",
    {
      "sys/block/sda/sda2/uevent": "PARTNAME=KSOLOEFI\n",
      "sys/block/sda/sda3/uevent": "PARTNAME=KSOLOA\n",
      "sys/block/sda/sda4/uevent": "PARTNAME=KSOLOB\n",
    },
    [],
    0,
    /has this system already: nothing is written/,
  ],
])("nothing is written to %s", (_name, files, args, code, words) => {
  const { code: ended, base } = install(makeBox(files), args);
  expect([ended, base.printed.join("\n")]).toEqual([code, expect.stringMatching(words)]);
  expect(base.calls.filter((call) => /blocks|mke2fs/.test(call))).toEqual([]);
});

test("without the ISO's files, as with kubesolo.toram, that is said", () => {
  const root = makeBox();
  rmSync(join(root, "run/slot"), { recursive: true });
  const { code, base } = install(root);
  expect([code, base.printed.join("\n")]).toEqual([1, expect.stringContaining("without kubesolo.toram")]);
});

test("a medium whose file isn't the release's ends it, and the disk starts nothing", () => {
  const root = makeBox();
  writeFileSync(join(root, "run/slot/vmlinuz"), "x".repeat(680));
  const { code, base, disk } = install(root);
  expect([code, base.printed.join("\n")]).toEqual([1, expect.stringContaining("doesn't hold the release: ")]);
  expect(disk.get(0)).toBe(0);
});

test("bytes that nobody knows are somebody's", () => {
  const disk = new Map([[0, 1]]);
  const { code, base } = install(makeBox(), [], undefined, disk);
  expect([code, base.printed.join("\n")]).toEqual([
    1,
    expect.stringContaining("holds bytes of no known kind"),
  ]);
});

test("a disk that can't be read is somebody's, and ends nothing", () => {
  // It is in /sys, and no such device is there.
  const { code, base } = install(
    makeBox({ "sys/block/sdb/size": "16777216\n", "sys/block/sdb/device/model": "X\n" }),
    ["--list"],
  );
  expect([code, base.printed.at(-1)]).toEqual([0, "  sdb  8.0 GiB  X  holds what can't be read"]);
});

test.each([
  ["one that fits", "sda", 0, ["  sda  8.0 GiB  Disk, X1  empty"]],
  [
    "one that is too small",
    "sdb",
    1,
    ["  sdb  1.0 GiB  X  holds what can't be read", "       it can't be taken: it is smaller than 4096 MiB"],
  ],
  ["none", "sdx", 1, ['  there is no disk "sdx"']],
])("a person who names %s is told whether it can be taken", (_name, disk, code, printed) => {
  const box = makeBox({
    "sys/block/sda/device/serial": "X1\n",
    ...{ "sys/block/sdb/size": "2097152\n", "sys/block/sdb/device/model": "X\n" },
  });
  const result = install(box, ["--list", disk]);
  expect([result.code, result.base.printed]).toEqual([code, printed]);
});

test("disks are listed for a person", () => {
  const { code, base } = install(makeBox({ "sys/block/sda/device/serial": "X1\n" }), ["--list"]);
  expect([code, base.printed]).toEqual([0, ["  sda  8.0 GiB  Disk, X1  empty"]]);
});
