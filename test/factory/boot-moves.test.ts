// The model of src/release/boot-moves.ts against the script made from it, run by real GRUB: every pair of copies, sound and
// damaged, with every combination of slots that verify. One machine, which is nothing but GRUB, goes through all of them.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { planBiosBoot } from "../../src/disk/bios-boot.ts";
import { SECTOR_BYTES } from "../../src/disk/layout.ts";
import { makeSparseFile, writePiece } from "../../src/disk/write.ts";
import { prepareTools } from "../../src/image/debian/packages.ts";
import { bootStateFunctions } from "../../src/image/grub/boot-state.ts";
import { SCREEN_AND_SERIAL } from "../../src/image/grub/config.ts";
import { makeGrubProgram } from "../../src/image/grub/programs.ts";
import { prepareQemu } from "../../src/kit/kit.ts";
import type { Tools } from "../../src/lib/locked-tools.ts";
import { buildPath } from "../../src/lib/paths.ts";
import { decideBoot } from "../../src/release/boot-moves.ts";
import {
  BLOCK_BYTES,
  type BootState,
  formatBlock,
  isWritableBlock,
  parseBlock,
  type Slot,
  stateFiles,
} from "../../src/release/boot-state.ts";
import { startMachine } from "../../src/vm/machine.ts";

const directory = buildPath("test/boot-moves");
const image = join(directory, "disk.img");
const FAT_SECTOR = 2048;
const FAT_SECTORS = 128 * 2048;

const state = (generation: number, activeSlot: Slot, trial?: 0 | 1 | 2 | 3): BootState => ({
  generation,
  activeSlot,
  ...(trial === undefined ? {} : { trial }),
  floor: 12,
  reason: trial === undefined ? "confirmed" : "activated",
});
const sound = formatBlock(state(7, "B", 2));
const changed = (from: string, to: string) =>
  Buffer.from(Buffer.from(sound).toString().replace(from, to).padEnd(BLOCK_BYTES, "#").slice(0, BLOCK_BYTES));
const cut = (bytes: number, fill: string) =>
  Buffer.alloc(BLOCK_BYTES, fill).fill(sound.subarray(0, bytes), 0, bytes);

/** What a copy may be. */
const copies: Readonly<Record<string, Uint8Array | undefined>> = {
  missing: undefined,
  zeroed: Buffer.alloc(BLOCK_BYTES),
  garbage: Buffer.alloc(BLOCK_BYTES, "\u00a7GRUB=\n"),
  "torn after a sector": cut(512, "\0"),
  "torn in its variables": cut(100, "\0"),
  truncated: sound.subarray(0, 512),
  "of two writes": changed("generation_end=7", "generation_end=6"),
  "contradicting itself": changed("boot_success=0", "boot_success=1"),
  "with a strange slot": changed("active_slot=B", "active_slot=C"),
  "with a strange counter": changed("boot_counter=2", "boot_counter=4"),
  "with a strange reason": changed("reason=activated", "reason=because"),
  "with a number of ten digits": changed("floor=12", "floor=1234567890"),
  "confirmed A 7": formatBlock(state(7, "A")),
  "confirmed B 7": formatBlock(state(7, "B")),
  "confirmed A 10": formatBlock(state(10, "A")),
  "trial B 7, 3": formatBlock(state(7, "B", 3)),
  "trial B 7, 2": sound,
  "trial B 7, 1": formatBlock(state(7, "B", 1)),
  "trial B 7, 0": formatBlock(state(7, "B", 0)),
  "trial A 10, 3": formatBlock(state(10, "A", 3)),
  "trial A 10, 0": formatBlock(state(10, "A", 0)),
};
const verifying = ["AB", "A", "B", "none"] as const;
const cases = Object.keys(copies).flatMap((first) =>
  Object.keys(copies).flatMap((second) => verifying.map((slots) => ({ first, second, slots }))),
);

let answers: ReadonlyMap<number, string>;

beforeAll(async () => {
  const tools = await prepareTools();
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  await makeDisk(tools);
  const qemu = await prepareQemu();
  const grub = {
    memoryMiB: 128,
    cpus: 1,
    firmware: "bios",
    accelerator: "tcg",
    networkCard: "none",
  } as const;
  const disk = { path: image, format: "raw" } as const;
  await using machine = await startMachine({
    ...{ qemu, directory, disk, readOnlyDisks: [], forwards: [], offline: true },
    ...grub,
  });
  await machine.waitForConsole(/walk done/, { timeoutMs: 600_000 });
  const log = readFileSync(join(directory, "console.log"), "latin1");
  answers = new Map(
    [...log.matchAll(/case (\d+): ([^;]*);/g)].map(([, number, told]) => [Number(number), told ?? ""]),
  );
  await tools.run([
    "mcopy",
    "-s",
    "-n",
    "-i",
    `${image}@@${FAT_SECTOR * SECTOR_BYTES}`,
    "::w",
    join(directory, "after"),
  ]);
}, 900_000);

test("GRUB answers every case", () => {
  expect(answers.size).toBe(cases.length);
});

test("it chooses and writes what the model says", () => {
  const wrong = cases.flatMap(({ first, second, slots }, number) => {
    const before = [copies[first], copies[second]] as const;
    const decision = decideBoot([copyOf(before[0]), copyOf(before[1])], {
      A: slots.includes("A"),
      B: slots.includes("B") && slots !== "none",
    });
    const after = stateFiles.map((file) => readIfThere(join(directory, "after", folderOf(number), file)));
    const right =
      answers.get(number)?.trim() === `${decision.slot ?? ""} ${decision.reason ?? ""}`.trim() &&
      after.every((bytes, copy) => {
        if (decision.write?.copy === copy)
          return JSON.stringify(bytes && parseBlock(bytes)) === JSON.stringify(decision.write.state);
        return Buffer.compare(bytes ?? Buffer.alloc(0), before[copy] ?? Buffer.alloc(0)) === 0;
      });
    return right
      ? []
      : [
          {
            first,
            second,
            slots,
            answer: answers.get(number),
            decision,
            after: after.map((b) => b && parseBlock(b)),
          },
        ];
  });
  expect(wrong.slice(0, 5)).toEqual([]);
  expect(wrong.length).toBe(0);
});

/** Folders of folders: FAT's are searched from their beginning. */
function folderOf(number: number): string {
  return `${Math.floor(number / 40)}/${number % 40}`;
}

function copyOf(block: Uint8Array | undefined) {
  if (block === undefined) return { state: undefined, isWritable: false };
  return { state: parseBlock(block), isWritable: isWritableBlock(block) };
}

function readIfThere(path: string): Buffer | undefined {
  return existsSync(path) ? readFileSync(path) : undefined;
}

/** A disk with GRUB for BIOS and one FAT partition that has a folder a case. */
async function makeDisk(tools: Tools): Promise<void> {
  const core = join(directory, "core.img");
  await makeGrubProgram(
    { format: "i386-pc", prefix: "(,msdos1)/grub", modules: ["biosdisk", "part_msdos", "loadenv"] },
    core,
    tools,
  );
  makeSparseFile(image, (FAT_SECTOR + FAT_SECTORS) * SECTOR_BYTES);
  await tools.run(["sfdisk", "--quiet", image], {
    input: `label: dos\nstart=${FAT_SECTOR}, size=${FAT_SECTORS}, type=c\n`,
  });
  const bootImage = readFileSync(join(tools.root, "usr/lib/grub/i386-pc/boot.img"));
  const table = readFileSync(image).subarray(0, SECTOR_BYTES);
  const boot = planBiosBoot(table, bootImage, readFileSync(core), 1, FAT_SECTOR - 1);
  table.copy(boot.bootSector, 0x1be, 0x1be, 0x200);
  writePiece(image, 0, boot.bootSector);
  writePiece(image, SECTOR_BYTES, boot.core);
  const files = join(directory, "files");
  mkdirSync(join(files, "grub"), { recursive: true });
  writeFileSync(join(files, "grub/grub.cfg"), walkScript());
  cases.forEach(({ first, second }, number) => {
    [first, second].forEach((name, copy) => {
      const path = join(files, "w", folderOf(number), stateFiles[copy === 0 ? 0 : 1]);
      mkdirSync(join(path, ".."), { recursive: true });
      const block = copies[name];
      if (block !== undefined) writeFileSync(path, block);
    });
  });
  await tools.run([
    "mkfs.vfat",
    "-F",
    "16",
    "-s",
    "4",
    `--offset=${FAT_SECTOR}`,
    image,
    String(FAT_SECTORS / 2),
  ]);
  const place = ["-i", `${image}@@${FAT_SECTOR * SECTOR_BYTES}`];
  await tools.run(["mcopy", "-s", ...place, join(files, "grub"), join(files, "w"), "::"]);
}

function walkScript(): string {
  return `${SCREEN_AND_SERIAL}
${bootStateFunctions()}
function slot_verifies {
  if [ "$slots" = AB -o "$slots" = "$1" ]; then return 0; fi
  return 1
}
function walk {
  set state_folder="($root)/w/$2"
  set slots=$3
  choose_slot
  echo "case $1: $chosen $why;"
}
${cases.map(({ slots }, number) => `walk ${number} ${folderOf(number)} ${slots}`).join("\n")}
echo "walk done"
sleep 600
`;
}
