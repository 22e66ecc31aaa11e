import { expect, test } from "vitest";
import { grubConfig, slotBootConfig } from "./grub.ts";

test("the boot partition's configuration", async () => {
  await expect(grubConfig()).toMatchFileSnapshot("../../test/golden/grub.cfg");
});

test("a slot's own part of the kernel command line", () => {
  const verity = { dataBlocks: 16, rootHash: "aa", salt: "00" };
  expect(slotBootConfig({ version: "1.2.3", verity })).toBe(
    'set release_args="kubesolo.version=1.2.3 kubesolo.verity=16:aa:00"\n',
  );
});
