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
  extras: {
    nfs: { why: "shared folders", modules: ["nfs", "nfsv4"] },
    camera: { why: "cameras", profile: "hardware", modules: ["uvcvideo"] },
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

test("what is asked for besides comes last, in the root alone", () => {
  const { initramfs, rootfs } = parseWantedModules(json, "vm", ["nfs"]);
  expect([initramfs, rootfs.slice(-3)]).toEqual([["ext4"], ["button", "nfs", "nfsv4"]]);
});

test("what only one profile's kernel has is refused for another, with a hint", () => {
  expect(parseWantedModules(json, "hardware", ["camera"]).rootfs).toContain("uvcvideo");
  expect(() => parseWantedModules(json, "vm", ["camera"])).toThrow(/profile "vm" has nothing for "camera"/);
});

test.each([
  ["an extra that nobody knows", { extras: { toaster: { why: "x", modules: [] } } }],
  ["a list without its reason", { shared: { initramfs: [{ modules: [] }], rootfs: [] } }],
  ["a profile that nobody knows", { profiles: { desktop: { initramfs: [], rootfs: [] } } }],
])("refuses %s", (_name, change) => {
  expect(() => parseWantedModules(JSON.stringify({ ...JSON.parse(json), ...change }), "vm")).toThrow();
});

test.each(PROFILES)("inputs/modules.json names nothing twice for %s", (profile) => {
  const { rootfs } = parseWantedModules(readFileSync(sourcePath("inputs/modules.json"), "utf8"), profile);
  expect(rootfs.filter((name, index) => rootfs.indexOf(name) !== index)).toEqual([]);
});
