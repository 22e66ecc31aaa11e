import { expect, test } from "vitest";
import { type KernelCommandLine, parseKernelCommandLine } from "./kernel-command-line.ts";

test.each<[string, string, Partial<KernelCommandLine>]>([
  ["nothing that the agent goes by", "quiet\nkubesolo.debug\n", {}],
  ["where a configuration is", "kubesolo.cloudinit=LABEL=X:/y\n", { configuration: "LABEL=X:/y" }],
  ["the last of two words", "kubesolo.cloudinit=a\nkubesolo.cloudinit=b\n", { configuration: "b" }],
  ["an empty word, which is none", "kubesolo.cloudinit=\n", {}],
  ["that it sets up the network", "ip=dhcp\n", { hasNetwork: true }],
  ["that there is nothing on the boot partition", "kubesolo.esp=empty\n", { isBootPartitionEmpty: true }],
  ["a limit", "quiet\nkubesolo.network_limit=6\n", { networkLimitSeconds: 6 }],
  ["that there is no limit", "kubesolo.network_limit=0\n", { networkLimitSeconds: 0 }],
  [
    "what GRUB started, and why",
    "kubesolo.slot=B\nkubesolo.generation=12\nkubesolo.trial\nkubesolo.reason=slot-damaged\n",
    { slot: "B", generation: 12, isOnTrial: true, reason: "slot-damaged" },
  ],
  ["no slot, and no generation", "kubesolo.slot=C\nkubesolo.generation=1e9\n", {}],
  ["a limit that is none", "kubesolo.network_limit=soon\n", {}],
])("%s", (_name, text, expected) => {
  expect(parseKernelCommandLine(text)).toEqual({
    hasNetwork: false,
    isBootPartitionEmpty: false,
    isOnTrial: false,
    ...expected,
  });
});
