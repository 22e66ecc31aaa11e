import { describe, expect, test } from "vitest";
import { moduleNames, modulesOfAliases, parseModuleIndex, planModules } from "./modules.ts";

const index = parseModuleIndex({
  dep: [
    "kernel/fs/ext4/ext4.ko.xz: kernel/fs/jbd2/jbd2.ko.xz kernel/lib/crc16.ko.xz",
    "kernel/fs/jbd2/jbd2.ko.xz:",
    "kernel/lib/crc16.ko.xz:",
    "kernel/crypto/crc32c_generic.ko.xz:",
    "kernel/arch/x86/crypto/crc32c-intel.ko.xz:",
    "kernel/drivers/md/dm-verity.ko.xz: kernel/drivers/md/dm-mod.ko.xz",
    "kernel/drivers/md/dm-mod.ko.xz:",
    "kernel/drivers/net/ethernet/realtek/r8169.ko.xz: kernel/drivers/net/phy/libphy.ko.xz",
    "kernel/drivers/net/ethernet/realtek/8139cp.ko.xz:",
    "kernel/drivers/net/ethernet/realtek-like/other.ko.xz:",
    "kernel/drivers/net/phy/libphy.ko.xz:",
    "kernel/drivers/net/phy/realtek.ko.xz: kernel/drivers/net/phy/libphy.ko.xz",
    "",
  ].join("\n"),
  softdep: [
    "# Soft dependencies",
    "softdep ext4 pre: crypto-crc32c",
    "softdep r8169 pre: realtek",
    "softdep jbd2 pre: gone post: nvme",
    "softdep dm_mod ext4",
    "",
  ].join("\n"),
  builtin: "kernel/drivers/nvme/host/nvme.ko\n",
  alias: [
    "# Aliases",
    "alias nft-expr-2-reject nft_reject_ipv4",
    "alias crypto-crc32c crc32c_intel",
    "alias crypto-crc32c crc32c_generic",
    "",
  ].join("\n"),
});

const verity = ["kernel/drivers/md/dm-mod.ko.xz", "kernel/drivers/md/dm-verity.ko.xz"];
const ext4 = [
  "kernel/arch/x86/crypto/crc32c-intel.ko.xz",
  "kernel/crypto/crc32c_generic.ko.xz",
  "kernel/fs/ext4/ext4.ko.xz",
  "kernel/fs/jbd2/jbd2.ko.xz",
  "kernel/lib/crc16.ko.xz",
];
const realtek = [
  "kernel/drivers/net/ethernet/realtek/8139cp.ko.xz",
  "kernel/drivers/net/ethernet/realtek/r8169.ko.xz",
  "kernel/drivers/net/phy/libphy.ko.xz",
  "kernel/drivers/net/phy/realtek.ko.xz",
];

test.each([
  [
    "a module brings its dependencies, and all that answer to what it asks for while it works",
    ["ext4"],
    ext4,
  ],
  ["dashes and underscores are the same", ["dm_verity"], verity],
  ["a builtin module needs no file", ["nvme"], []],
  ["nothing wanted, nothing taken", [], []],
  ["a shared dependency comes once", ["ext4", "jbd2"], ext4],
  ["a soft dependency that the kernel lacks or has built in is no matter", ["jbd2"], [ext4[3]]],
  ["what depmod names neither before nor after is no soft dependency", ["dm_mod"], [verity[0]]],
  ["a folder stands for all that is below it", ["kernel/drivers/net/ethernet/realtek/"], realtek],
  [
    "and for what is deeper",
    ["kernel/drivers/md/", "kernel/drivers/net/ethernet/realtek/"],
    [...verity, ...realtek],
  ],
])("%s", (_name, wanted, expected) => {
  expect(planModules(index, wanted)).toEqual(expected);
});

test.each([
  ["modules that the kernel lacks", ["ext4", "xfs", "zfs"], '"xfs", "zfs"'],
  ["a folder without modules", ["kernel/drivers/net/wireless/"], '"kernel/drivers/net/wireless/"'],
  [
    "a folder whose name goes on",
    ["kernel/drivers/net/ethernet/real/"],
    '"kernel/drivers/net/ethernet/real/"',
  ],
])("refuses %s, all at once", (_name, wanted, message) => {
  expect(() => planModules(index, wanted)).toThrow(`the kernel has no module ${message}`);
});

describe("aliases", () => {
  test.each([
    ["the module behind it is found", { "nft-expr-2-reject": "kube-proxy" }, ["nft_reject_ipv4"]],
    ["every module that answers is taken", { "crypto-crc32c": "ext4" }, ["crc32c_intel", "crc32c_generic"]],
  ])("%s", (_name, aliases, expected) => {
    expect(modulesOfAliases(index, aliases)).toEqual(expected);
  });

  test("one that nobody answers is refused, and who needs it is told", () => {
    const missing = { "nft-expr-10-reject": "kube-proxy's IPv6 rules" };
    expect(() => modulesOfAliases(index, missing)).toThrow(
      '"nft-expr-10-reject", needed for kube-proxy\'s IPv6 rules',
    );
  });
});

test("modules are known by their names, built in or not", () => {
  const names = moduleNames(index);
  for (const name of ["ext4", "dm_verity", "nvme"]) expect(names).toContain(name);
  expect(names).not.toContain("dm-verity");
});
