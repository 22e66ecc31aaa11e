// Unsigned bundles of small files, made by the factory's own row.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "../../src/image/outputs/bundle.ts";
import { planSlot, type ReleaseFacts } from "../../src/image/slot.ts";
import { readFileSum } from "../../src/lib/file-sum.ts";
import type { Tools } from "../../src/lib/locked-tools.ts";

const facts: ReleaseFacts = {
  sequence: 7,
  architecture: "amd64",
  profile: "vm",
  kubernetes: "v1.37.2",
  min_compatible_version: "1.0.0",
};
const verity = { dataBlocks: 4, rootHash: "d".repeat(64), salt: "ee" };

/** NAME.tar in the host folder, with the parts it is made of beside it. */
export async function makeSmallBundle(
  folder: string,
  name: string,
  tools: Tools,
  { version = "1.2.3", ...changed }: Partial<ReleaseFacts> & { version?: string } = {},
): Promise<string> {
  const parts = join(folder, name);
  mkdirSync(parts, { recursive: true });
  const part = async (file: string, text: string) => {
    const hostPath = join(parts, file);
    writeFileSync(hostPath, text);
    return { hostPath, ...(await readFileSum(hostPath)) };
  };
  const release = { version, verity };
  const ownFacts = { ...facts, ...changed };
  const { tree } = planSlot({
    vmlinuz: await part("vmlinuz", "kernel ".repeat(300)),
    initramfs: await part("initramfs.img", "what starts first"),
    squashfs: await part("root.squashfs", "root".repeat(1000)),
    ...{ release, facts: ownFacts },
  });
  const path = join(folder, `${name}.tar`);
  await bundle.make(path, { slot: tree, release, sequence: ownFacts.sequence, folder }, tools);
  return path;
}
