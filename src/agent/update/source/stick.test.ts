// Where an update is found without being named.
import { describe, expect, test } from "vitest";
import { configuredFiles } from "../../../../test/agent/device/configured-files.ts";
import { publishedFiles } from "../../../../test/agent/device/release-folder.ts";
import { updatableHost } from "../../../../test/agent/device/updatable-device.ts";
import { bundle, device, next } from "../../../../test/agent/device/update-run.ts";
import { runAgent } from "../../main.ts";

describe("a stick", () => {
  const blkid = (...labels: string[]) =>
    labels.map((label, index) => `DEVNAME=/dev/sd${"abc"[index]}1\nLABEL=${label}\nTYPE=vfat\n`).join("\n");
  const check = (root: string, sticks: string) => {
    const host = updatableHost(root, {
      run: (args) => (args[0] === "/usr/sbin/blkid" ? { stdout: sticks } : undefined),
    });
    const code = runAgent(host, ["check"], "1.0.0");
    return { code, said: host.printed.join("\n"), calls: host.calls };
  };

  test("with a bundle is found, read only, and let go", () => {
    const root = device({ "/disks/sda1/kubesolo-os-1.1.0.tar": bundle });
    const { code, said, calls } = check(root, blkid("KSOLOUPDATE"));
    expect({ code, said }).toEqual({
      code: 0,
      said: expect.stringContaining("1.1.0, sequence 2, Kubernetes v1.37.2: can be installed"),
    });
    expect(calls).toContain(
      "mount -t vfat -o ro,nosuid,nodev,noexec /dev/sda1 /run/kubesolo-os/update-volume/42",
    );
    expect(calls.slice(-3)).toEqual([
      "umount /run/kubesolo-os/update-volume/42",
      "remove /run/kubesolo-os/update-volume/42",
      "remove /run/kubesolo-os/update.lock",
    ]);
  });

  test("for updates comes before a node's own, which has nothing to have", () => {
    const files = Object.fromEntries(
      Object.entries(next.files).map(([name, text]) => [`/disks/sdb1/${name}`, text]),
    );
    const root = device({ "/disks/sda1/user-data": "", ...files });
    expect(check(root, blkid("cidata", "KSOLOUPDATE")).code).toBe(0);
    expect(check(root, blkid("cidata"))).toMatchObject({
      code: 64,
      said: expect.stringContaining("no bundle is given"),
    });
  });

  test("may be a folder with channels, and the configuration's source is asked when it has nothing newer", () => {
    const older = publishedFiles([{ version: "1.0.0" }], { folder: "/disks/sda1" });
    const newer = publishedFiles([{ version: "1.1.0" }], { folder: "/disks/sda1" });
    expect(check(device(newer), blkid("KSOLOUPDATE")).said).toMatch(/^1\.1\.0, sequence 2/m);
    expect(check(device(older), blkid("KSOLOUPDATE"))).toMatchObject({
      code: 0,
      said: expect.stringMatching(/nothing newer than 1\.0\.0$/),
    });
    const root = device({ ...older, ...configuredFiles({ updates: { source: "/bundle.tar" } }) });
    expect(check(root, blkid("KSOLOUPDATE"))).toMatchObject({
      code: 0,
      said: expect.stringMatching(/nothing newer than 1\.0\.0\n1\.1\.0, sequence 2/),
    });
  });

  test("that can't be read is told, and the configuration's source is asked", () => {
    const root = device(configuredFiles({ updates: { source: "/bundle.tar" } }));
    const host = updatableHost(root, {
      run: (args) => {
        if (args[0] === "/usr/sbin/blkid") return { stdout: blkid("KSOLOUPDATE") };
        return args.includes("/dev/sda1") ? { exitCode: 32, stderr: "bad superblock\n" } : undefined;
      },
    });
    expect(runAgent(host, ["check"], "1.0.0")).toBe(0);
    expect(host.printed.join("\n")).toMatch(/can't be read: bad superblock\n1\.1\.0, sequence 2/);
  });

  test("with two bundles is asked for one", () => {
    const root = device({ "/disks/sda1/a.tar": bundle, "/disks/sda1/b.TAR": bundle });
    expect(check(root, blkid("KSOLOUPDATE"))).toMatchObject({
      code: 1,
      said: expect.stringContaining("several bundles: a.tar, b.TAR"),
    });
  });

  test("without a stick, the configuration says where updates are", () => {
    const settings = (source: string) => ({ "/etc/kubesolo/updates.json": JSON.stringify({ source }) });
    expect(check(device(settings("/bundle.tar")), "").code).toBe(0);
    const elsewhere = check(device(settings("oci://registry.example.com/os")), "");
    expect(elsewhere).toMatchObject({ code: 1, said: expect.stringContaining("no updates from oci://") });
  });
});
