// The kernels that images are made with, their real configurations and modules, against what the product needs.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { findPartition, planLayout, SECTOR_BYTES } from "../../src/disk/layout.ts";
import { prepareGroup, prepareTools } from "../../src/image/debian/packages.ts";
import { makeExt4 } from "../../src/image/filesystems.ts";
import { auditKernel, checkFindings, type Finding } from "../../src/image/kernel/audit.ts";
import { readRequirements, readWantedModules } from "../../src/image/kernel/inputs.ts";
import { type Kernel, prepareKernel } from "../../src/image/kernel/kernel.ts";
import { moduleNames } from "../../src/image/kernel/modules.ts";
import { EXTRAS, type Extra, type WantedModules } from "../../src/image/kernel/wanted.ts";
import { kernelGroups, PROFILES, type Profile } from "../../src/image/profile.ts";
import { sourcePath } from "../../src/lib/paths.ts";
import { type RunResult, run, runAnyExit } from "../../src/lib/run.ts";
import { hostFile, makeTree } from "../../src/tree/tree.ts";
import { makeSmallDisk } from "./small-disk.ts";

test.each(PROFILES)("the kernel of %s has all that is mandatory or recommended", async (profile) => {
  const kernel = await prepare(profile, readWantedModules(profile));
  const findings = auditKernel(readRequirements(profile), kernel.config, kernel.packed);
  expect(checkFindings(findings)).toEqual([]);
});

describe("what workloads and gateways ask of the kernel is in the root, or built in:", () => {
  const shared = ["xt_owner", "sch_tbf", "ifb", "dm_crypt", "nbd"];
  const serial = ["usbserial", "ftdi_sio", "cp210x", "ch341", "pl2303", "cdc_acm"];
  const gateway = [...serial, "can_raw", "gs_usb", "cdc_mbim", "qmi_wwan", "i2c_dev", "spidev"];
  const extras: Record<Extra, readonly string[]> = {
    btrfs: ["btrfs"],
    camera: ["uvcvideo"],
    cifs: ["cifs"],
    ipset: ["ip_set", "ip_set_hash_net", "xt_set"],
    iscsi: ["iscsi_tcp", "dm_multipath"],
    nfs: ["nfs", "nfsv4", "sunrpc"],
    sctp: ["sctp"],
    thin: ["dm_thin_pool"],
    xfs: ["xfs"],
  };
  const missing = (kernel: Kernel, names: readonly string[]) => {
    const there = moduleNames(kernel.packed.rootfs);
    return names.filter((name) => !there.has(name));
  };

  test.each<[Profile, readonly string[]]>([
    ["vm", [...shared, "rtc_cmos", "tpm_tis"]],
    ["hardware", [...shared, ...gateway, "rtc_cmos", "tpm_tis", "tpm_crb"]],
  ])("%s", async (profile, names) => {
    expect(missing(await prepare(profile, readWantedModules(profile)), names)).toEqual([]);
  });

  test.each<[Profile, readonly Extra[]]>([
    ["vm", EXTRAS.filter((name) => name !== "camera")],
    ["hardware", EXTRAS],
  ])("%s, with all that one can ask for, and only then", async (profile, asked) => {
    const names = asked.flatMap((name) => extras[name]);
    expect(missing(await prepare(profile, readWantedModules(profile, asked)), names)).toEqual([]);
    expect(missing(await prepare(profile, readWantedModules(profile)), names)).toEqual(names);
  });

  test("cameras are in no kernel for machines of a hypervisor, and the build says so", async () => {
    const { exitCode, stderr } = await runAnyExit([
      sourcePath("bin/kubesolo-os"),
      "build",
      "rootfs",
      "--with",
      "camera",
    ]);
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining("hint:  build it with --profile hardware"),
    ]);
  });

  test.each(["nfs,toaster"])("--with %s is refused, with all that there is", async (words) => {
    const { exitCode, stderr } = await runAnyExit([sourcePath("bin/kubesolo-os"), "build", "--with", words]);
    expect([exitCode, stderr]).toEqual([64, expect.stringContaining(EXTRAS.join(", "))]);
  });
});

describe("a module that nobody lists any more ends the build of vm", () => {
  const wanted = readWantedModules("vm");
  const without = (name: string): WantedModules => ({
    initramfs: wanted.initramfs.filter((each) => each !== name),
    rootfs: wanted.rootfs.filter((each) => each !== name),
    aliases: Object.fromEntries(Object.entries(wanted.aliases).filter(([alias]) => alias !== name)),
  });

  test.each([
    ["nft_numgen", "the rootfs has no module nft_numgen (needed by kube-proxy:"],
    ["nft-expr-10-reject", "the rootfs has no module nft_reject_ipv6 (needed by kube-proxy:"],
    ["dm_verity", "the initramfs has no module dm_verity (needed by the initramfs:"],
  ])("%s", async (name, message) => {
    const kernel = await prepare("vm", without(name));
    const findings = auditKernel(readRequirements("vm"), kernel.config, kernel.packed);
    expect(() => checkFindings(findings)).toThrow(message);
  });
});

describe("kernel-audit", () => {
  test.each([
    ["a kernel that has all", "vm", 0, []],
    ["one without USB, for boxes", "hardware", 1, ["USB_XHCI_PCI", "USB_STORAGE"]],
  ])("judges %s", async (_name, profile, exitCode, missed) => {
    const { config } = await prepare("vm", readWantedModules("vm"));
    const audited = await audit(gzipSync(config), "--json", "--profile", profile);
    const findings = JSON.parse(audited.stdout) as Finding[];
    const misses = findings.filter(({ need, verdict }) => need === "mandatory" && verdict !== "met");
    expect(misses.map(({ option }) => option)).toEqual(missed);
    expect(audited.exitCode).toBe(exitCode);
  });

  test("refuses what is no kernel's configuration", async () => {
    const { exitCode, stdout, stderr } = await audit("root:x:0:0::/root:/bin/sh\n");
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("is no kernel configuration");
  });

  test("lists what is needed", async () => {
    const listed = await run([sourcePath("bin/kubesolo-os"), "kernel-audit"]);
    expect(listed).toMatch(/^CGROUP_BPF +y +mandatory +runc: cgroup v2 devices/m);
  });
});

/** Runs the command on a file with this content. */
async function audit(content: string | Uint8Array, ...options: string[]): Promise<RunResult> {
  const folder = mkdtempSync(join(tmpdir(), "audit-"));
  try {
    const file = join(folder, "config");
    writeFileSync(file, content);
    return await runAnyExit([sourcePath("bin/kubesolo-os"), "kernel-audit", ...options, file]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function prepare(profile: Profile, wanted: WantedModules): Promise<Kernel> {
  return prepareKernel(await prepareGroup(kernelGroups[profile]), wanted, await prepareTools());
}

test("the configuration of the kernel in a disk image and in a vmlinuz is Debian's", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kernel-of-"));
  try {
    const { release, vmlinuz, config } = await prepare("vm", readWantedModules("vm"));
    const image = join(folder, "disk.img");
    await makeSmallDisk(image, await prepareTools());
    const slot = { label: "KSOLOA", journal: false };
    const offsetBytes = findPartition(planLayout(2048), "KSOLOA").startSector * SECTOR_BYTES;
    const place = { image, offsetBytes, sizeBytes: 512 * 2 ** 20 };
    await makeExt4(makeTree([hostFile("vmlinuz", vmlinuz, 0o644)]), place, slot, await prepareTools());
    for (const path of [image, vmlinuz]) {
      const told = await runAnyExit([sourcePath("bin/kubesolo-os"), "kernel-config", path]);
      expect(told).toMatchObject({ exitCode: 0, stdout: config });
      expect(told.stderr).toContain(`kernel ${release}, profile vm`);
    }
    writeFileSync(join(folder, "other"), "no kernel");
    const refused = await runAnyExit([sourcePath("bin/kubesolo-os"), "kernel-config", join(folder, "other")]);
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("has no kernel") });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
