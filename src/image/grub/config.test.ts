import { expect, test } from "vitest";
import { grubConfig, networkKernelArgs, slotBootConfig } from "./config.ts";
import { isoGrubConfig } from "./iso.ts";

test("the boot partition's configuration", async () => {
  await expect(grubConfig()).toMatchFileSnapshot("../../../test/golden/grub.cfg");
});

test("the ISO's configuration", async () => {
  await expect(isoGrubConfig()).toMatchFileSnapshot("../../../test/golden/grub-iso.cfg");
});

const verity = { dataBlocks: 16, rootHash: "aa", salt: "00" };

test("the command line of a machine that boots from the network", () => {
  expect(networkKernelArgs({ version: "1.2.3", verity })).toBe(
    "kubesolo.root=initramfs kubesolo.version=1.2.3 kubesolo.verity=16:aa:00 console=tty0 console=ttyS0,115200 panic=10 loglevel=4 gpt",
  );
});

test("a slot's own part of the kernel command line", () => {
  expect(slotBootConfig({ version: "1.2.3", verity })).toBe(
    'set release_args="kubesolo.version=1.2.3 kubesolo.verity=16:aa:00"\n',
  );
});
