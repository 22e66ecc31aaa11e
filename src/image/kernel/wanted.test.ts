import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sourcePath } from "../../lib/paths.ts";
import { PROFILES } from "../profile.ts";
import { parseWantedModules } from "./wanted.ts";

const json = JSON.stringify({
  shared: {
    initramfs: [{ why: "the root", modules: ["ext4"] }],
    rootfs: [
      { why: "pods", modules: ["veth", "bridge"] },
      { why: "the power button", modules: ["button"] },
    ],
  },
  profiles: {
    vm: { initramfs: [], rootfs: [] },
    hardware: {
      initramfs: [{ why: "USB", modules: ["xhci_pci"] }],
      rootfs: [{ why: "network cards", modules: ["kernel/drivers/net/ethernet/realtek/"] }],
    },
  },
  aliases: { "nft-expr-2-fib": "kube-proxy" },
});

test("a profile that adds nothing gets what all share", () => {
  expect(parseWantedModules(json, "vm")).toEqual({
    initramfs: ["ext4"],
    rootfs: ["ext4", "veth", "bridge", "button"],
    aliases: { "nft-expr-2-fib": "kube-proxy" },
  });
});

test("a profile gets what it adds, and the root all that the initramfs has", () => {
  expect(parseWantedModules(json, "hardware")).toMatchObject({
    initramfs: ["ext4", "xhci_pci"],
    rootfs: ["ext4", "xhci_pci", "veth", "bridge", "button", "kernel/drivers/net/ethernet/realtek/"],
  });
});

test.each([
  ["a list without its reason", { shared: { initramfs: [{ modules: [] }], rootfs: [] } }],
  ["a profile that nobody knows", { profiles: { desktop: { initramfs: [], rootfs: [] } } }],
])("refuses %s", (_name, change) => {
  expect(() => parseWantedModules(JSON.stringify({ ...JSON.parse(json), ...change }), "vm")).toThrow();
});

test.each(PROFILES)("inputs/modules.json names nothing twice for %s", (profile) => {
  const { rootfs } = parseWantedModules(readFileSync(sourcePath("inputs/modules.json"), "utf8"), profile);
  expect(rootfs.filter((name, index) => rootfs.indexOf(name) !== index)).toEqual([]);
});
