// What `make up` boots, and what `make update` takes it to: both with the same keys, which lie in build and nowhere else.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createKeys, KEYS_FILE } from "../bundle/keys-folder.ts";
import { prepareSigning } from "../bundle/minisign.ts";
import { signRelease } from "../bundle/sign.ts";
import { NOTHING_BAKED } from "../image/baked/baked.ts";
import { type BuildWishes, build, buildAll, makePlan } from "../image/build.ts";
import { readProduct } from "../image/product.ts";
import type { BuiltImage } from "../lib/built.ts";
import { buildPath } from "../lib/paths.ts";
import { planDevelopment } from "./development.ts";

const keys = buildPath("update-keys");

/** keys.json of the machines of `make up`; a host path. */
export const machineKeys = join(keys, KEYS_FILE);

export async function buildMachineImage(): Promise<BuiltImage> {
  if (!existsSync(machineKeys)) await createKeys(keys, await prepareSigning());
  return buildAll("vm", withKeys("image-up"));
}

/** Returns the host path of a signed bundle of these sources, and which release it says it is. */
export async function buildUpdate(nowMs: number): Promise<{ bundle: string; version: string }> {
  const asRelease = planDevelopment(readProduct(), nowMs);
  const plan = makePlan(["bundle"], "vm", { ...withKeys("image-update"), asRelease });
  const {
    files: [built = ""],
  } = await build(plan);
  const bundle = await signRelease(built, { secret: join(keys, "release.key") }, await prepareSigning());
  return { bundle, version: asRelease.version };
}

/** In folders of their own, so that neither is what tests and people built. */
function withKeys(folder: string): BuildWishes {
  return { baked: { ...NOTHING_BAKED, updateKeys: machineKeys }, folder: buildPath(folder) };
}
