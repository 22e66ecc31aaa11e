import { expect, test } from "vitest";
import { modulesOfAliases, parseModuleIndex, planModules } from "./modules.ts";

const index = parseModuleIndex({
  dep: [
    "kernel/fs/ext4/ext4.ko.xz: kernel/fs/jbd2/jbd2.ko.xz kernel/lib/crc16.ko.xz",
    "kernel/fs/jbd2/jbd2.ko.xz:",
    "kernel/lib/crc16.ko.xz:",
    "kernel/drivers/md/dm-verity.ko.xz: kernel/drivers/md/dm-mod.ko.xz",
    "kernel/drivers/md/dm-mod.ko.xz:",
    "",
  ].join("\n"),
  builtin: "kernel/drivers/nvme/host/nvme.ko\n",
  alias: "# Aliases\nalias nft-expr-2-reject nft_reject_ipv4\n",
});

test.each([
  [
    "a module brings its dependencies",
    ["ext4"],
    ["kernel/fs/ext4/ext4.ko.xz", "kernel/fs/jbd2/jbd2.ko.xz", "kernel/lib/crc16.ko.xz"],
  ],
  [
    "dashes and underscores are the same",
    ["dm_verity"],
    ["kernel/drivers/md/dm-mod.ko.xz", "kernel/drivers/md/dm-verity.ko.xz"],
  ],
  ["a builtin module needs no file", ["nvme"], []],
  ["nothing wanted, nothing taken", [], []],
  [
    "a shared dependency comes once",
    ["ext4", "jbd2"],
    ["kernel/fs/ext4/ext4.ko.xz", "kernel/fs/jbd2/jbd2.ko.xz", "kernel/lib/crc16.ko.xz"],
  ],
])("%s", (_name, wanted, expected) => {
  expect(planModules(index, wanted)).toEqual(expected);
});

test("names the modules that the kernel lacks", () => {
  expect(() => planModules(index, ["ext4", "xfs", "zfs"])).toThrow('the kernel has no module "xfs", "zfs"');
});

test("finds the module behind an alias", () => {
  expect(modulesOfAliases(index, { "nft-expr-2-reject": "kube-proxy" })).toEqual(["nft_reject_ipv4"]);
});

test("says who needs an alias that nobody answers", () => {
  const missing = { "nft-expr-10-reject": "kube-proxy's IPv6 rules" };
  expect(() => modulesOfAliases(index, missing)).toThrow(
    '"nft-expr-10-reject", needed for kube-proxy\'s IPv6 rules',
  );
});
