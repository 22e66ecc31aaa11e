// The kernels that images are made with, their real configurations and modules, against what the product needs.
import { describe, expect, test } from "vitest";
import { fetchPackages, readInputs, readLock, unpackGroup } from "../../src/image/debian/packages.ts";
import { auditKernel, checkFindings } from "../../src/image/kernel/audit.ts";
import { readRequirements, readWantedModules } from "../../src/image/kernel/inputs.ts";
import { type Kernel, prepareKernel } from "../../src/image/kernel/kernel.ts";
import type { WantedModules } from "../../src/image/kernel/wanted.ts";
import { kernelGroups, PROFILES, type Profile } from "../../src/image/profile.ts";
import { makeRunTool } from "../../src/image/tools.ts";

test.each(PROFILES)("the kernel of %s has all that is mandatory or recommended", async (profile) => {
  const kernel = await prepare(profile, readWantedModules(profile));
  const findings = auditKernel(readRequirements(profile), kernel.config, kernel.packed);
  expect(checkFindings(findings)).toEqual([]);
});

describe("a module that nobody lists any more ends the build of vm", () => {
  const wanted = readWantedModules("vm");
  const without = (name: string): WantedModules => ({
    initramfs: wanted.initramfs.filter((each) => each !== name),
    rootfs: wanted.rootfs.filter((each) => each !== name),
    aliases: Object.fromEntries(Object.entries(wanted.aliases).filter(([alias]) => alias !== name)),
  });

  test.each([
    ["nft_numgen", "CONFIG_NFT_NUMGEN is m, and nft_numgen not packed into the rootfs: kube-proxy needs it"],
    [
      "nft-expr-10-reject",
      "CONFIG_NFT_REJECT_IPV6 is m, and nft_reject_ipv6 not packed into the rootfs: kube-proxy needs it",
    ],
    [
      "dm_verity",
      "CONFIG_DM_VERITY is m, and dm_verity not packed into the initramfs: the initramfs needs it",
    ],
  ])("%s", async (name, message) => {
    const kernel = await prepare("vm", without(name));
    const findings = auditKernel(readRequirements("vm"), kernel.config, kernel.packed);
    expect(() => checkFindings(findings)).toThrow(message);
  });
});

async function prepare(profile: Profile, wanted: WantedModules): Promise<Kernel> {
  const inputs = readInputs();
  const lock = readLock();
  const group = kernelGroups[profile];
  await fetchPackages(inputs, lock, ["tools", group]);
  const runTool = makeRunTool(await unpackGroup(lock, "tools"), inputs.epoch);
  return prepareKernel(await unpackGroup(lock, group), wanted, runTool);
}
