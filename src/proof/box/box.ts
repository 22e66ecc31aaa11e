// A box in memory: two slots, the state of its boot, its data, and what it is switched on by. GRUB is the model of it
// (boot-moves.ts), which is held against the real one elsewhere; a slot is a folder, and so is a disk's partition.
import { type BootDecision, decideBoot } from "../../release/boot-moves.ts";
import {
  BLOCK_BYTES,
  type BootState,
  formatBlock,
  isWritableBlock,
  newest,
  parseBlock,
  type Slot,
} from "../../release/boot-state.ts";
import { MANIFEST_FILE, SUMS_FILE } from "../../release/bundle.ts";
import { parseReleaseManifest } from "../../release/release-manifest.ts";
import { RUN, runPath } from "../../release/run-files.ts";
import { type ByteMath, type Files, type MemoryHost, makeMemoryHost } from "./memory-host.ts";
import { boxPrograms, type ProgramWorld } from "./programs.ts";

export interface Box extends ProgramWorld {
  /** Milliseconds since 1970, as its clock says. */
  nowMs: number;
}

/** Bytes from the beginning of the boot partition, where the two copies of the state lie. */
export const STATE_OFFSETS = [4096, 16_384] as const;
export const BOOT_PARTITION = "/dev/vda2";
export const slotFolders: Readonly<Record<Slot, string>> = { A: "/disks/vda3", B: "/disks/vda4" };
const partitions = { vda2: "KSOLOEFI", vda3: "KSOLOA", vda4: "KSOLOB", vda5: "KSOLODATA" } as const;

const installed: BootState = { generation: 1, activeSlot: "A", floor: 1, reason: "installed" };

type Contents = Readonly<Record<string, Uint8Array | string>>;

/** A box that was installed with a slot's files in both slots. `keys`: the image's keys.json. */
export function makeBox(math: ByteMath, slot: Contents, keys: string, more: Contents = {}): Box {
  const blocks = new Uint8Array(32_768);
  for (const offset of STATE_OFFSETS) blocks.set(formatBlock(installed), offset);
  const contents: Contents = {
    [runPath("boot-disk")]: "vda\n",
    "/usr/lib/kubesolo-os/update-keys.json": keys,
    [BOOT_PARTITION]: blocks,
    "/proc/self/stat": "42 (agent) S\n",
    "/sys/class/net/lo/ifindex": "1\n",
    ...Object.fromEntries(
      Object.values(slotFolders).flatMap((folder) =>
        Object.entries(slot).map(([name, content]) => [`${folder}/${name}`, content] as const),
      ),
    ),
    ...Object.fromEntries(
      Object.entries(partitions).flatMap(([device, name]) => [
        [`/sys/class/block/${device}/uevent`, `DEVNAME=${device}\nPARTNAME=${name}\n`],
        [`/sys/class/block/${device}/size`, "1048576\n"],
      ]),
    ),
    "/data/kubesolo/kine/db/state.db": "a database\n",
    ...more,
  };
  const files: Files = new Map();
  for (const [path, content] of Object.entries(contents))
    files.set(path, {
      kind: "file",
      content: typeof content === "string" ? math.encodeUtf8(content) : content,
      mode: 0o644,
    });
  const box: Box = {
    ...{ files, mounts: new Map(), math, nowMs: Date.UTC(2026, 0, 1), isHealthy: true, isRebooting: false },
  };
  switchOn(box);
  return box;
}

/** What is on its disks; nothing of it is shared. */
export function copyBox(box: Box): Box {
  return { ...box, files: new Map(box.files), mounts: new Map(box.mounts) };
}

/** The world as the agent sees it there. */
export function hostOf(box: Box, beforeChange?: (call: string) => void): MemoryHost {
  const { files, mounts, math } = box;
  return makeMemoryHost({
    ...{ files, mounts, math, now: () => box.nowMs, run: (args) => boxPrograms(box, args) },
    ...(beforeChange !== undefined && { beforeChange }),
  });
}

export function fileOf({ files }: Box, path: string): Uint8Array | undefined {
  const entry = files.get(path);
  return entry?.kind === "file" ? entry.content : undefined;
}

/** The two copies of the state as they lie on the disk. */
export function stateBlocks(box: Box): readonly [Uint8Array, Uint8Array] {
  const disk = fileOf(box, BOOT_PARTITION) ?? new Uint8Array();
  const block = (offset: number) => disk.subarray(offset, offset + BLOCK_BYTES);
  return [block(STATE_OFFSETS[0]), block(STATE_OFFSETS[1])];
}

export function stateOf(box: Box): BootState | undefined {
  return newest(stateBlocks(box).map((block) => parseBlock(block)));
}

/** Writes one copy, as something other than the agent does. */
export function putBlock(box: Box, copy: 0 | 1, block: Uint8Array): void {
  const disk = (fileOf(box, BOOT_PARTITION) ?? new Uint8Array()).slice();
  disk.set(block, STATE_OFFSETS[copy]);
  box.files.set(BOOT_PARTITION, { kind: "file", content: disk, mode: 0o644 });
}

/** Whether GRUB would start it. */
export function verifies(box: Box, slot: Slot): boolean {
  const folder = slotFolders[slot];
  const sums = fileOf(box, `${folder}/${SUMS_FILE}`);
  if (sums === undefined || sums.length === 0) return false;
  const lines = box.math.decodeUtf8(sums).trim().split("\n");
  return lines.every((line) => {
    const [sum, name] = line.split("  ");
    const content = fileOf(box, `${folder}/${name}`);
    return content !== undefined && box.math.sha256(content) === sum;
  });
}

export interface Started extends BootDecision {
  /** What counted before. */
  readonly before: BootState | undefined;
  readonly verifies: Readonly<Record<Slot, boolean>>;
}

/** Switches it on: what was in memory is gone, and a slot runs, or none does (rescue). */
export function switchOn(box: Box): Started {
  const [first, second] = stateBlocks(box).map((block) => ({
    state: parseBlock(block),
    isWritable: isWritableBlock(block),
  }));
  if (first === undefined || second === undefined) throw new Error("two copies");
  const before = newest([first.state, second.state]);
  const whole = { A: verifies(box, "A"), B: verifies(box, "B") };
  const decision = decideBoot([first, second], whole);
  if (decision.write !== undefined) putBlock(box, decision.write.copy, formatBlock(decision.write.state));
  forgetMemory(box);
  if (decision.slot !== undefined) enter(box, decision.slot, decision, before);
  return { ...decision, before, verifies: whole };
}

function forgetMemory(box: Box): void {
  box.mounts.clear();
  box.isRebooting = false;
  const bootDisk = box.files.get(runPath("boot-disk"));
  for (const name of [...box.files.keys()]) if (name.startsWith(`${RUN}/`)) box.files.delete(name);
  if (bootDisk !== undefined) box.files.set(runPath("boot-disk"), bootDisk);
}

/** What GRUB and init tell the system that starts. */
function enter(box: Box, slot: Slot, { reason }: BootDecision, before: BootState | undefined): void {
  const isOnTrial = before?.trial !== undefined && before.trial > 0 && before.activeSlot === slot;
  const words = [
    `kubesolo.slot=${slot}`,
    ...(before === undefined ? [] : [`kubesolo.generation=${before.generation}`]),
    ...(isOnTrial ? ["kubesolo.trial"] : []),
    ...(reason === undefined ? [] : [`kubesolo.reason=${reason}`]),
  ];
  const { version, kubernetes } = releaseIn(box, slot) ?? { version: "0.0.0", kubernetes: "v0.0.0" };
  const text = `VERSION_ID="${version}"\nVARIANT_ID="vm"\nKUBERNETES_VERSION="${kubernetes}"\n`;
  put(box, runPath("cmdline"), `${words.join("\n")}\n`);
  put(box, "/etc/os-release", text);
}

function releaseIn(box: Box, slot: Slot) {
  const content = fileOf(box, `${slotFolders[slot]}/${MANIFEST_FILE}`);
  if (content === undefined) return undefined;
  const manifest = parseReleaseManifest(box.math.decodeUtf8(content));
  return "problems" in manifest ? undefined : manifest;
}

export function put(
  { files, math }: Pick<Box, "files" | "math">,
  path: string,
  content: string | Uint8Array,
): void {
  const bytes = typeof content === "string" ? math.encodeUtf8(content) : content;
  files.set(path, { kind: "file", content: bytes, mode: 0o644 });
}
