// A stick that is plugged in for a support bundle: what is written onto it, what isn't, and what the console says.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { folderHost, makeDevice, type World } from "../../../test/agent/device/folder-host.ts";
import { readSupportBundle, system, tar } from "../../../test/agent/device/support-bundle.ts";
import { runAgent } from "../main.ts";
import { chooseName, MAX_BUNDLES } from "./stick.ts";

const NAME = "support-edge-7-20260101-0000.tar.gz";

interface Stick {
  readonly label?: string;
  readonly type?: string;
  /** How often a medium was plugged in before. */
  readonly sequence?: number;
  readonly files?: Readonly<Record<string, string>>;
}

/** A machine with sticks: sdb, sdc, … in this order. */
function machineWith(sticks: readonly Stick[], failing: World["run"] = () => undefined) {
  const root = makeDevice(system);
  onTestFinished(() => rmSync(root, { recursive: true }));
  let plugged = sticks;
  const disk = (index: number) => `sd${"bcd"[index]}`;
  const plug = (now: readonly Stick[]) => {
    plugged = now;
    now.forEach(({ sequence = 9, files = {} }, index) => {
      mkdirSync(join(root, "disks", disk(index)), { recursive: true });
      mkdirSync(join(root, "sys/class/block", disk(index)), { recursive: true });
      writeFileSync(join(root, "sys/class/block", disk(index), "diskseq"), `${sequence}\n`);
      for (const [name, text] of Object.entries(files))
        writeFileSync(join(root, "disks", disk(index), name), text);
    });
  };
  plug(sticks);
  const run: World["run"] = (args, at) => {
    const failure = failing(args, at);
    if (failure !== undefined) return failure;
    const [program = "", ...rest] = args;
    const last = at(rest.at(-1) ?? "");
    if (program === "/usr/sbin/blkid") {
      const told = plugged.map(
        ({ label = "KSOLOHELP", type = "vfat" }, index) =>
          `DEVNAME=/dev/${disk(index)}\nLABEL=${label}\nTYPE=${type}\n`,
      );
      return { stdout: told.join("\n") };
    }
    if (program === "mount") {
      rmdirSync(last);
      symlinkSync(at(`/disks/${basename(rest.at(-2) ?? "")}`), last);
    }
    if (program === "umount") {
      unlinkSync(last);
      mkdirSync(last);
    }
    return program === "tar" ? tar(args, at) : undefined;
  };
  const host = folderHost(root, { run });
  const read = (path: string) => (existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : "");
  return {
    root,
    host,
    plug,
    write: () => runAgent(host, ["support", "--stick"], "1.2.3"),
    names: (index = 0) => readdirSync(join(root, "disks", disk(index))).sort(),
    status: () => read("run/kubesolo-os/support-status"),
    left: () => readdirSync(join(root, "run/kubesolo-os")).sort(),
  };
}

test("it gets a whole bundle, is let go, and the console says when it may be pulled out", async () => {
  const { root, host, write, names, status, left } = machineWith([{}]);
  expect(write()).toBe(0);
  expect(names()).toEqual([NAME]);
  const { index } = await readSupportBundle(join(root, "disks/sdb", NAME));
  expect(index).toMatchObject({ machine: "edge-7", version: "1.2.3" });
  expect(host.printed[0]).toBe("support: writing a support bundle onto KSOLOHELP (/dev/sdb): leave it in");
  expect(host.printed.at(-1)).toBe(`support: ${NAME} is on KSOLOHELP (/dev/sdb): pull it out`);
  expect(status()).toBe(`${NAME} is on KSOLOHELP (/dev/sdb): pull it out\n`);
  const place = "/run/kubesolo-os/support-volume/77";
  const about = host.calls.filter((call) => /^(?:u?mount|sync|copy|rename)/.test(call));
  expect(about).toEqual([
    `mount -t vfat -o rw,nosuid,nodev,noexec /dev/sdb ${place}`,
    `copy /run/kubesolo-os/support-for-stick.tar.gz ${place}/${NAME}.part`,
    `rename ${place}/${NAME}.part ${place}/${NAME}`,
    `sync -f ${place}`,
    `umount ${place}`,
  ]);
  // Nothing of it stays in memory.
  expect(left()).toEqual(["cmdline", "support", "support-status", "support-sticks", "support-volume"]);
});

test("it gets one each time that it is plugged in, and no second one while it stays", () => {
  const { plug, write, names } = machineWith([{}]);
  expect([write(), write(), names().length]).toEqual([0, 0, 1]);
  plug([{ sequence: 10 }]);
  expect([write(), names()]).toEqual([0, [`${NAME.replace(".tar", "-2.tar")}`, NAME].sort()]);
});

test("one that is plugged in beside another gets its own", () => {
  const { plug, write, names } = machineWith([{}]);
  write();
  plug([{}, { sequence: 10, type: "ext4" }]);
  expect([write(), names(0).length, names(1).length]).toEqual([0, 1, 1]);
});

test("what is on it stays as it is", () => {
  const { root, write, names } = machineWith([{ files: { [NAME]: "mine", "photo.jpg": "mine" } }]);
  expect(write()).toBe(0);
  expect(names()).toEqual(["photo.jpg", NAME.replace(".tar", "-2.tar"), NAME].sort());
  expect(readFileSync(join(root, "disks/sdb", NAME), "utf8")).toBe("mine");
});

test.each<[string, Stick]>([
  ["another label", { label: "CIDATA" }],
  ["a longer label", { label: "KSOLOHELP2" }],
])("a stick with %s is none of its business", (_name, stick) => {
  const { host, write, names, status } = machineWith([stick]);
  expect([write(), names(), status()]).toEqual([0, [], ""]);
  expect(host.calls.filter((call) => call.startsWith("mount"))).toEqual([]);
});

test("small letters do, too", () => {
  const { write, names } = machineWith([{ label: "ksolohelp" }]);
  expect([write(), names()]).toEqual([0, [NAME]]);
});

const own = Object.fromEntries(
  Array.from({ length: MAX_BUNDLES }, (_, index) => [`support-edge-7-2025010${index}-0000.tar.gz`, "old"]),
);

test.each<[string, Stick, World["run"], string]>([
  [
    "with a file system that can't be written",
    { type: "exfat" },
    () => undefined,
    "it holds exfat; format it as FAT32, with the label KSOLOHELP",
  ],
  [
    "that can't be mounted",
    {},
    ([program]) => (program === "mount" ? { exitCode: 32, stderr: "bad superblock\n" } : undefined),
    "/dev/sdb can't be mounted: bad superblock; try another stick",
  ],
  [
    "that is full",
    {},
    ([program]) => (program === "sync" ? { exitCode: 1, stderr: "No space left on device\n" } : undefined),
    "sync: No space left on device; try another stick",
  ],
  [
    "that fails at the end",
    {},
    ([program]) => (program === "sync" ? { exitCode: 1, stderr: "Input/output error\n" } : undefined),
    "sync: Input/output error; try another stick",
  ],
  [
    "with many of this machine's",
    { files: own },
    () => undefined,
    `it has ${MAX_BUNDLES} of this machine already; delete some of them`,
  ],
])("one %s is told, stays as it was, and isn't tried again", (_name, stick, failing, reason) => {
  const { host, write, names, status, left } = machineWith([stick], failing);
  expect(write()).toBe(1);
  expect(status()).toBe(`no support bundle is on KSOLOHELP (/dev/sdb): ${reason}\n`);
  expect(names()).toEqual(Object.keys(stick.files ?? {}).sort());
  expect(left()).not.toContain("support-for-stick.tar.gz");
  const said = host.printed.length;
  expect([write(), host.printed.length]).toEqual([0, said]);
});

test("one that can't be used keeps no other from its bundle", () => {
  const { write, names } = machineWith([{ type: "exfat" }, {}]);
  expect([write(), names(1)]).toEqual([1, [NAME]]);
});

test.each([
  ["an earlier one in capitals, as FAT has it", [NAME.toUpperCase()], NAME.replace(".tar", "-2.tar")],
  ["what is left of one that was pulled out too early", [`${NAME}.part`], NAME.replace(".tar", "-2.tar")],
  ["another machine's", Object.keys(own).map((name) => name.replace("edge-7", "edge-8")), NAME],
])("its name is free beside %s", (_name, taken, expected) => {
  expect(chooseName(NAME, taken)).toBe(expected);
});

test("--stick takes no file", () => {
  const { host } = machineWith([]);
  expect(runAgent(host, ["support", "--stick", "/tmp/x"], "1.2.3")).toBe(64);
  expect(host.printed[0]).toBe("--stick takes no file");
});
