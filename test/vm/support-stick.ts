// A stick as a person makes one to get a support bundle: empty, with the label.
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildPath } from "../../src/lib/paths.ts";
import type { Machine } from "../../src/vm/machine.ts";
import { Qmp } from "../../src/vm/qmp.ts";
import { imageTools } from "./machine-under-test.ts";

export interface SupportStick {
  /** Its image, a host path. */
  readonly path: string;
  /** Takes a file off it; its host path. */
  readonly take: (name: string) => Promise<string>;
}

type FileSystem = "vfat" | "ext4";

const makers: Readonly<Record<FileSystem, (path: string) => readonly string[]>> = {
  vfat: (path) => ["mkfs.vfat", "-C", "-n", "KSOLOHELP", path, "65536"],
  ext4: (path) => ["mke2fs", "-q", "-t", "ext4", "-L", "KSOLOHELP", path, "64M"],
};
const takers: Readonly<Record<FileSystem, (path: string, name: string, to: string) => readonly string[]>> = {
  vfat: (path, name, to) => ["mcopy", "-i", path, `::/${name}`, to],
  ext4: (path, name, to) => ["debugfs", "-R", `dump /${name} ${to}`, path],
};

/** In build/test/NAME.files, made anew. */
export async function makeSupportStick(name: string, type: FileSystem): Promise<SupportStick> {
  const path = buildPath("test", `${name}.files`, "stick.img");
  rmSync(dirname(path), { recursive: true, force: true });
  mkdirSync(dirname(path), { recursive: true });
  const { run } = imageTools();
  await run(makers[type](path));
  const take = async (file: string) => {
    const target = join(dirname(path), file);
    await run(takers[type](path, file, target));
    return target;
  };
  return { path, take };
}

/** Into a machine with USB, while it runs. */
export async function plugIn({ directory }: Machine, { path }: SupportStick): Promise<void> {
  using qmp = await Qmp.open(directory);
  const file = { driver: "file", filename: path };
  await qmp.command("blockdev-add", { "node-name": "stick", driver: "raw", file });
  await qmp.command("device_add", { driver: "usb-storage", id: "stick", bus: "usb.0", drive: "stick" });
}

export async function pullOut({ directory }: Machine): Promise<void> {
  using qmp = await Qmp.open(directory);
  await qmp.command("device_del", { id: "stick" });
}

/** What the console says of it once it may be pulled out; the bundle's name. */
export async function waitForBundle(machine: Machine, timeoutMs: number): Promise<string> {
  const said = /support: (support-\S+\.tar\.gz) is on KSOLOHELP \(\/dev\/\w+\): pull it out/;
  const [, name = ""] = await machine.waitForConsole(said, { timeoutMs });
  return name;
}
