import { expect, test } from "vitest";
import { auditKernel, checkFindings, countMisses } from "./audit.ts";
import { describeFindings } from "./audit-table.ts";
import { parseModuleIndex } from "./modules.ts";
import { parseRequirements } from "./requirements.ts";

const requirements = parseRequirements(
  JSON.stringify([
    {
      who: "kube-proxy",
      need: "mandatory",
      options: {
        NF_TABLES_INET: { why: "its rules" },
        NFT_FIB_IPV4: { modules: ["nft_fib_ipv4"], aliases: ["nft-expr-2-fib"], why: "addresses" },
      },
    },
    {
      who: "the initramfs",
      need: "mandatory",
      place: "initramfs",
      options: { EXT4_FS: { modules: ["ext4"], why: "slots" } },
    },
    {
      who: "kubelet",
      need: "recommended",
      options: { RT_GROUP_SCHED: { is: "n", why: "cgroup v2 cpu" }, PSI: { why: "pressure" } },
    },
  ]),
  "vm",
);

const good = {
  NF_TABLES_INET: "y",
  NFT_FIB_IPV4: "m",
  EXT4_FS: "m",
  PSI: "y",
};

const fib = "kernel/net/ipv4/netfilter/nft_fib_ipv4.ko:\n";
const fibAlias = "alias nft-expr-2-fib nft_fib_ipv4\n";
const ext4 = "kernel/fs/ext4/ext4.ko:\n";

function index(dep: string, alias = "", builtin = "") {
  return parseModuleIndex({ dep, alias, builtin, softdep: "" });
}

const packed = { initramfs: index(ext4), rootfs: index(fib, fibAlias) };

function configText(change: Record<string, string | undefined>): string {
  return Object.entries({ ...good, ...change })
    .map(([option, value]) =>
      value === undefined ? `# CONFIG_${option} is not set\n` : `CONFIG_${option}=${value}\n`,
    )
    .join("");
}

function misses(
  change: Record<string, string | undefined>,
  modules: Parameters<typeof auditKernel>[2] = packed,
) {
  return auditKernel(requirements, configText(change), modules)
    .filter(({ verdict }) => verdict !== "met")
    .map(({ option, verdict, lacking }) => [option, verdict, ...lacking].join(" "));
}

test.each([
  ["a kernel that has all", {}, packed],
  [
    "what is built in needs neither module nor alias",
    { NFT_FIB_IPV4: "y", EXT4_FS: "y" },
    { initramfs: index(""), rootfs: index("") },
  ],
  ["a configuration alone: every module counts as there", {}, undefined],
  [
    "a module that depmod counts as built in",
    {},
    { ...packed, initramfs: index("", "", "kernel/fs/ext4/ext4.ko\n") },
  ],
])("met by %s", (_name, change, modules) => {
  expect(misses(change, modules)).toEqual([]);
});

test.each([
  ["an option that is not set", { NF_TABLES_INET: undefined }, packed, ["NF_TABLES_INET wrong value"]],
  ["m, where only y will do", { NF_TABLES_INET: "m" }, packed, ["NF_TABLES_INET wrong value"]],
  ["an option that must not be set", { RT_GROUP_SCHED: "y" }, packed, ["RT_GROUP_SCHED wrong value"]],
  [
    "a module that is not packed",
    {},
    { ...packed, rootfs: index("") },
    ["NFT_FIB_IPV4 module not packed nft_fib_ipv4"],
  ],
  [
    "a module that lies in the root, and is needed before it",
    {},
    { ...packed, initramfs: index(fib), rootfs: index(fib + ext4, fibAlias) },
    ["EXT4_FS module not packed ext4"],
  ],
  [
    "a packed module that the kernel can't ask for",
    {},
    { ...packed, rootfs: index(fib) },
    ["NFT_FIB_IPV4 alias not answered nft-expr-2-fib"],
  ],
  [
    "several at once",
    { PSI: undefined, EXT4_FS: undefined },
    packed,
    ["EXT4_FS wrong value", "PSI wrong value"],
  ],
])("missed: %s", (_name, change, modules, expected) => {
  expect(misses(change, modules)).toEqual(expected);
});

function findings(change: Record<string, string | undefined>, modules = packed) {
  return auditKernel(requirements, configText(change), modules);
}

test("a build ends with every mandatory miss and who needs it", () => {
  const bad = findings(
    { NF_TABLES_INET: undefined, EXT4_FS: undefined, PSI: undefined },
    { ...packed, rootfs: index("") },
  );
  expect(() => checkFindings(bad)).toThrow(
    [
      "the kernel lacks what the system needs:",
      "  CONFIG_NF_TABLES_INET is not set, where y is needed (needed by kube-proxy: its rules)",
      "  CONFIG_NFT_FIB_IPV4 is m, but the rootfs has no module nft_fib_ipv4 (needed by kube-proxy: addresses)",
      "  CONFIG_EXT4_FS is not set, where y or m is needed (needed by the initramfs: slots)",
    ].join("\n"),
  );
  expect(countMisses(bad)).toEqual({ mandatory: 3, recommended: 1 });
});

test("a build goes on without what is recommended, and warns", () => {
  expect(checkFindings(findings({ PSI: undefined, RT_GROUP_SCHED: "y" }))).toEqual([
    "recommended of a kernel: CONFIG_RT_GROUP_SCHED is y, where n is needed (needed by kubelet: cgroup v2 cpu)",
    "recommended of a kernel: CONFIG_PSI is not set, where y is needed (needed by kubelet: pressure)",
  ]);
  expect(checkFindings(findings({}))).toEqual([]);
});

test("people get a table", () => {
  expect(describeFindings(findings({ NF_TABLES_INET: undefined, PSI: undefined }))).toBe(
    [
      "option          found  verdict               needed by",
      "NF_TABLES_INET  n      missing, mandatory    kube-proxy: its rules",
      "NFT_FIB_IPV4    m      met                   kube-proxy: addresses",
      "EXT4_FS         m      met                   the initramfs: slots",
      "RT_GROUP_SCHED  n      met                   kubelet: cgroup v2 cpu",
      "PSI             n      missing, recommended  kubelet: pressure",
    ].join("\n"),
  );
});
