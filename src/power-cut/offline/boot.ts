// What the boot loader would start from a disk, and whether that is what it should be: by the model, and by every byte of the slot.
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readFileSum } from "../../lib/file-sum.ts";
import { readTextIfThere } from "../../lib/files.ts";
import type { Tools } from "../../lib/locked-tools.ts";
import { type Copy, decideBoot } from "../../release/boot-moves.ts";
import { BLOCK_BYTES, isWritableBlock, parseBlock, type Slot } from "../../release/boot-state.ts";
import { parseReleaseManifest, slotFiles } from "../../release/release-manifest.ts";
import { ext4At } from "./disk.ts";

export const SLOT_PARTITIONS = { A: "KSOLOA", B: "KSOLOB" } as const;

/** The two copies of the state, from their blocks. */
export function readCopies(blocks: readonly Buffer[]): [Copy, Copy] {
  const [first, second] = blocks.map((block) => ({
    state: parseBlock(block.subarray(0, BLOCK_BYTES)),
    isWritable: isWritableBlock(block.subarray(0, BLOCK_BYTES)),
  }));
  if (first === undefined || second === undefined) throw new Error("a copy of the state is missing");
  return [first, second];
}

/** The slot that a boot starts, or what is wrong. `verify` says what is wrong with a slot; a slot that isn't asked for isn't read. */
export async function findStarted(
  copies: readonly [Copy, Copy],
  allowed: readonly Slot[],
  verify: (slot: Slot) => Promise<string[]>,
): Promise<{ slot?: Slot; problems: string[] }> {
  const problems = copies.some(({ state }) => state !== undefined) ? [] : ["no copy of the state counts"];
  // The slot that is meant has to verify: that the other one would be taken is no excuse.
  const { slot } = decideBoot(copies, { A: true, B: true });
  if (slot === undefined) return { problems: [...problems, "nothing is started"] };
  if (!allowed.includes(slot)) problems.push(`slot ${slot} is started, not ${allowed.join(" or ")}`);
  return { slot, problems: [...problems, ...(await verify(slot))] };
}

/** What is wrong with a slot as GRUB sees it, which plays no journal: its file system, and each file's hash in its release.json. */
export async function checkSlot(tools: Tools, disk: string, slot: Slot, folder: string): Promise<string[]> {
  const partition = ext4At(disk, SLOT_PARTITIONS[slot]);
  const fsck = await tools.runAnyExit(["e2fsck", "-fn", partition]);
  if (fsck.exitCode !== 0) return [`slot ${slot}: e2fsck: ${fsck.stdout.trim().slice(-300)}`];
  const dumps = [...slotFiles, "release.json"].map((name) => `dump /${name} ${join(folder, name)}`);
  try {
    await tools.run(["debugfs", "-f", "-", partition], { input: `${dumps.join("\n")}\n` });
    const manifest = parseReleaseManifest(readTextIfThere(join(folder, "release.json")) ?? "");
    if ("problems" in manifest) return manifest.problems.map((problem) => `slot ${slot}: ${problem}`);
    const wrong: string[] = [];
    for (const { name, sha256 } of manifest.files)
      if (!existsSync(join(folder, name)) || (await readFileSum(join(folder, name))).sha256 !== sha256)
        wrong.push(`slot ${slot}: ${name} isn't the release's`);
    return wrong;
  } finally {
    for (const name of [...slotFiles, "release.json"]) rmSync(join(folder, name), { force: true });
  }
}
