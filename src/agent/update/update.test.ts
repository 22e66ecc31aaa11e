// Updates on a device in a folder: what is refused, what is written in which order, and that the power may go at any moment.
import { appendFileSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { configuredFiles } from "../../../test/agent/device/configured-files.ts";
import { PowerCut, readDevice } from "../../../test/agent/device/folder-host.ts";
import {
  boot,
  bundleOf,
  makeRelease,
  makeUpdatableDevice,
  stateOf,
  updatableHost,
  verifies,
} from "../../../test/agent/device/updatable-device.ts";
import { makeSigner } from "../../../test/update-signer.ts";
import type { ReleaseManifest } from "../../release/release-manifest.ts";
import { runAgent } from "../main.ts";

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

const next = makeRelease("1.1.0");
const bundle = bundleOf(next.files);

function device(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const root = makeUpdatableDevice({ "/bundle.tar": bundle, ...files });
  roots.push(root);
  return root;
}

function agent(root: string, args: readonly string[], isHealthy?: () => boolean) {
  const host = updatableHost(root, {}, isHealthy);
  const code = runAgent(host, args, "1.0.0");
  return { code, said: host.printed.join("\n"), calls: host.calls };
}

describe("an update", () => {
  test("is written into the other slot, tried, confirmed when it is healthy, and remembered", () => {
    const root = device();
    expect(agent(root, ["update", "/bundle.tar"])).toMatchObject({
      code: 0,
      calls: expect.arrayContaining(["reboot"]),
    });
    expect(stateOf(root)).toMatchObject({ activeSlot: "B", trial: 3, floor: 1 });
    expect(boot(root)).toBe("B");
    expect(agent(root, ["trial", "watch"]).said).toContain("1.1.0 is healthy, and counts from now on");
    expect(stateOf(root)).toMatchObject({
      activeSlot: "B",
      floor: next.manifest.sequence,
      reason: "confirmed",
    });
    expect(stateOf(root)?.trial).toBeUndefined();
    expect(agent(root, ["history"]).said).toMatch(
      /applied.*1\.1\.0.*activated.*1\.1\.0.*confirmed.*1\.1\.0/s,
    );
    expect(boot(root)).toBe("B");
  });

  test("that never gets healthy is tried three times, and isn't taken again", () => {
    const root = device();
    agent(root, ["update", "/bundle.tar"]);
    const said = "init: KubeSolo OS 1.1.0, slot B, on trial\ninit: 90-kubesolo: done at 20 s\nengine: no\n";
    for (const left of [2, 1, 0]) {
      expect([boot(root), stateOf(root)?.trial]).toEqual(["B", left]);
      appendFileSync(join(root, "var/log/kubesolo.log"), said);
      expect(agent(root, ["trial", "watch"], () => false).said).toContain(
        "not healthy: kubelet: not ready; restarting",
      );
    }
    expect(boot(root)).toBe("A");
    appendFileSync(join(root, "var/log/kubesolo.log"), "init: KubeSolo OS 1.0.0, slot A\nengine: starting\n");
    expect(agent(root, ["trial", "watch"]).said).toMatch(
      /failed +1\.1\.0, slot B: tries-exhausted; 3 of its tries used up; it got as far as 90-kubesolo; back to 1\.0\.0, slot A; its last words: \/data\/update\/failed\/1\.1\.0\.log/,
    );
    expect(JSON.parse(agent(root, ["history", "--json"]).said).at(-1)).toMatchObject({
      ...{ what: "failed", version: "1.1.0", slot: "B", why: "tries-exhausted", tries: 3 },
      ...{
        stage: "90-kubesolo",
        log: "/data/update/failed/1.1.0.log",
        back: { version: "1.0.0", slot: "A" },
      },
    });
    expect(readFileSync(join(root, "data/update/failed/1.1.0.log"), "utf8")).toBe(said.repeat(3));
    expect(stateOf(root)).toMatchObject({ activeSlot: "A", reason: "tries-exhausted" });
    const again = agent(root, ["apply", "/bundle.tar"]);
    expect(again).toMatchObject({ code: 1, said: expect.stringContaining("1.1.0 failed here before") });
    expect(agent(root, ["apply", "--again", "/bundle.tar"]).code).toBe(0);
  });

  test("whose engine says that it can't goes back at once", () => {
    const root = device();
    agent(root, ["update", "/bundle.tar"]);
    boot(root);
    writeFileSync(join(root, "run/kubesolo-os/engine.state"), "waiting\n");
    writeFileSync(join(root, "run/kubesolo-os/engine.exit"), "78\n");
    expect(agent(root, ["trial", "watch"]).said).toContain("exit code 78; going back to slot A");
    expect(boot(root)).toBe("A");
    expect(readDevice(root, "/data/update")["/data/update/books.json"]).toContain("1.1.0");
  });

  test("must keep what held before, and nothing else", () => {
    const probes = [
      { name: "well", exec: ["well"] },
      { name: "ill", exec: ["ill"] },
    ];
    const root = device(configuredFiles({ probes }));
    const run = (args: readonly string[], failing: readonly string[]) => {
      const host = updatableHost(root, {}, () => true, failing);
      runAgent(host, args, "1.0.0");
      return host.printed.join("\n");
    };
    run(["update", "/bundle.tar"], ["ill"]);
    boot(root);
    expect(run(["trial", "watch"], ["ill", "well"])).toContain(
      "not healthy: probe well: exit code 1; restarting",
    );
    boot(root);
    expect(run(["trial", "watch"], ["ill"])).toContain("is healthy");
  });

  test("on trial gets its try back when somebody restarts the machine", () => {
    const root = device();
    agent(root, ["update", "/bundle.tar"]);
    for (let turn = 0; turn < 5; turn++) {
      expect([boot(root), stateOf(root)?.trial]).toEqual(["B", 2]);
      expect(agent(root, ["trial", "leave"]).code).toBe(0);
    }
  });

  test("can be taken back by a person, and the other way once more", () => {
    const root = device();
    agent(root, ["update", "/bundle.tar"]);
    boot(root);
    agent(root, ["trial", "watch"]);
    expect(agent(root, ["rollback", "--reboot"]).said).toContain("slot A is started from the next boot on");
    expect(boot(root)).toBe("A");
    expect(agent(root, ["rollback"]).code).toBe(0);
    expect(boot(root)).toBe("B");
  });

  test("that waits for its first boot can be called off, and be made after all", () => {
    const root = device();
    agent(root, ["apply", "/bundle.tar"]);
    expect(agent(root, ["rollback"]).said).toContain("slot B holds 1.1.0, which never ran");
    agent(root, ["activate"]);
    expect(agent(root, ["apply", "/bundle.tar"]).said).toContain("another update is being made");
    expect(agent(root, ["rollback"]).said).toContain("slot A is started from the next boot on");
    expect(boot(root)).toBe("A");
    expect(agent(root, ["activate"]).code).toBe(0);
    expect(boot(root)).toBe("B");
  });

  test("that failed isn't gone back to, unless a person insists", () => {
    const root = device();
    agent(root, ["update", "/bundle.tar"]);
    boot(root);
    expect(agent(root, ["rollback"]).code).toBe(0);
    expect(boot(root)).toBe("A");
    expect(agent(root, ["rollback"]).said).toContain("1.1.0, in slot B, failed here before");
    expect(agent(root, ["rollback", "--again"]).code).toBe(0);
    expect(boot(root)).toBe("B");
  });

  test.each(["vmlinuz", "root.squashfs", "sha256sums", "release.json"])(
    "isn't undone onto a slot whose %s is damaged",
    (name) => {
      const root = device();
      agent(root, ["update", "/bundle.tar"]);
      boot(root);
      agent(root, ["trial", "watch"]);
      writeFileSync(join(root, "disks/vda3", name), "rotten");
      const { code, said } = agent(root, ["rollback"]);
      expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining("slot A doesn't verify") });
      expect(boot(root)).toBe("B");
    },
  );
});

describe("what is refused leaves the slot as it was", () => {
  const thief = makeSigner(9);
  const signed = (files: Record<string, string>) => ({
    ...files,
    "release.json.minisig": thief.sign(files["release.json"] ?? ""),
  });
  const other = (changed: Partial<ReleaseManifest>) => bundleOf(makeRelease("1.1.0", changed).files);
  const { "release.json.minisig": _, ...unsigned } = next.files;
  const confirmedLater = makeRelease("1.0.1", { sequence: 1 });

  test.each<[string, Uint8Array, string[], string]>([
    ["nothing at all", Buffer.alloc(0), [], "it is no bundle"],
    ["a page of a captive portal", Buffer.from("<html>".repeat(1000)), [], "it is no bundle"],
    ["what nobody has signed", bundleOf(unsigned), [], "it isn't signed"],
    ["what a stranger has signed", bundleOf(signed(next.files)), [], "isn't known here"],
    [
      "what was changed behind the signature",
      bundleOf({ ...next.files, "release.json": next.files["release.json"].replace("1.1.0", "1.1.1") }),
      [],
      "is of other contents",
    ],
    ["another product", other({ product: "other-os" }), [], 'a release of "other-os"'],
    ["another architecture", other({ architecture: "arm64" }), [], "it is for arm64"],
    ["another profile", other({ profile: "hardware" }), [], 'the profile "hardware"'],
    ["another layout", other({ layout: 2 }), [], "layout 2"],
    ["too large a step", other({ min_compatible_version: "1.0.5" }), [], "over 1.0.5 and later"],
    [
      "what doesn't fit",
      other({ files: next.manifest.files.map((file) => ({ ...file, size: 2 ** 30 })) }),
      [],
      "a slot holds",
    ],
    [
      "several faults at once",
      other({ architecture: "arm64", profile: "x" }),
      [],
      'it is for arm64, and this machine is amd64\n  it has the profile "x"',
    ],
  ])("%s", (_name, bytes, options, reason) => {
    const root = device({ "/bundle.tar": bytes });
    const before = readDevice(root, "/disks");
    const run = (command: string) => {
      const { code, said } = agent(root, [command, ...options, "/bundle.tar"]);
      expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining(reason) });
    };
    run("check");
    expect(existsSync(join(root, "data/update"))).toBe(false);
    run("apply");
    run("update");
    expect(readDevice(root, "/disks")).toEqual(before);
    expect(Object.keys(readDevice(root, "/data/update"))).toEqual(["/data/update/books.json"]);
    const evidence = agent(root, ["history"]).said;
    expect(evidence).toContain("refused     /bundle.tar (2 times): ");
    expect(evidence).toContain(reason.replace(/\s+/g, " "));
    expect(confirmedLater.manifest.version).toBe("1.0.1");
  });

  test("an older release, unless a person insists", () => {
    const root = device({ "/old.tar": bundleOf(makeRelease("1.0.9", { sequence: 1 }).files) });
    agent(root, ["update", "/bundle.tar"]);
    boot(root);
    agent(root, ["trial", "watch"]);
    const before = readDevice(root, "/disks");
    expect(agent(root, ["apply", "/old.tar"]).said).toContain(
      "older than what has run here: sequence 1, and at least 2",
    );
    expect(readDevice(root, "/disks")).toEqual(before);
    // From 1.1.0 it isn't over 1.0.0, but it may be.
    expect(agent(root, ["apply", "--allow-downgrade", "/old.tar"]).code).toBe(0);
  });

  test("an update while the running system is on trial", () => {
    const root = device();
    agent(root, ["update", "/bundle.tar"]);
    boot(root);
    const before = readDevice(root, "/disks");
    expect(agent(root, ["apply", "/bundle.tar"]).said).toContain("is on trial itself");
    expect(readDevice(root, "/disks")).toEqual(before);
  });

  test("an update when there is no room for a copy of the cluster's database", () => {
    const root = device({ "/var/lib/kubesolo/kine/db/state.db": "" });
    // More than the device has free; a hole, which takes none here.
    truncateSync(join(root, "var/lib/kubesolo/kine/db/state.db"), 2 ** 41);
    expect(agent(root, ["apply", "/bundle.tar"])).toMatchObject({
      code: 1,
      said: expect.stringContaining("the cluster's state can't be kept: 2199023255552 bytes"),
    });
  });

  test("an image without keys takes no updates, and says why", () => {
    const root = device();
    rmSync(join(root, "usr/lib/kubesolo-os/update-keys.json"));
    expect(agent(root, ["check", "/bundle.tar"])).toMatchObject({
      code: 1,
      said: expect.stringMatching(/this image takes no updates.*hint: .*--update-keys/s),
    });
  });

  test("a second update beside the first, but not one that died", () => {
    const root = device({ "/proc/77/x": "" });
    const host = updatableHost(root);
    host.makeSymlink(join(root, "proc/77"), "/run/kubesolo-os/update.lock");
    expect(agent(root, ["apply", "/bundle.tar"]).said).toContain("another update is being made");
    rmSync(join(root, "proc/77"), { recursive: true });
    expect(agent(root, ["apply", "/bundle.tar"]).code).toBe(0);
  });
});

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
      "mount -t vfat -o ro,nosuid,nodev,noexec /dev/sda1 /run/kubesolo-os/update-volume",
    );
    expect(calls.at(-1)).toBe("umount /run/kubesolo-os/update-volume");
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

describe("a slot that was being written when the power went", () => {
  /** Leaves it after the first file, as something else than it should be. */
  function interrupted(change: (file: string) => void): string {
    const root = device();
    agent(root, ["apply", "/bundle.tar"]);
    const books = join(root, "data/update/books.json");
    writeFileSync(books, readFileSync(books, "utf8").replace('"step": "written"', '"step": "writing"'));
    for (const name of ["boot.cfg", "root.squashfs", "release.json"]) rmSync(join(root, "disks/vda4", name));
    change(join(root, "disks/vda4/initramfs.img"));
    return root;
  }
  const half = (file: string) => writeFileSync(file, readFileSync(file).subarray(0, 100));
  const apply = (root: string) => agent(root, ["apply", "/bundle.tar"]);

  test("is gone on with", () => {
    const { code, said, calls } = apply(interrupted(half));
    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining("going on with 1.1.0") });
    expect(calls.filter((call) => call.includes("mke2fs"))).toEqual([]);
  });

  test.each<[string, (file: string) => void]>([
    ["holds other bytes", (file) => writeFileSync(file, "x".repeat(readFileSync(file).length))],
    ["holds more bytes than it should", (file) => writeFileSync(file, "x".repeat(5000))],
  ])("is written anew when it %s", (_name, change) => {
    const { code, said } = apply(interrupted(change));
    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining("beginning anew") });
  });
});

test("activate looks at every byte again", () => {
  for (const name of [
    "vmlinuz",
    "initramfs.img",
    "boot.cfg",
    "root.squashfs",
    "sha256sums",
    "release.json",
    "release.json.minisig",
  ]) {
    const root = device();
    agent(root, ["apply", "/bundle.tar"]);
    const file = join(root, "disks/vda4", name);
    const bytes = readFileSync(file);
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    expect({ name, code: agent(root, ["activate"]).code }).toEqual({ name, code: 1 });
    expect(stateOf(root)).toMatchObject({ generation: 1, activeSlot: "A" });
  }
});

test("the power may go before any change: a slot that verifies starts, and the update can be made again", () => {
  const outcomes = new Set<string>();
  for (let changes = 0; ; changes++) {
    const root = device();
    let isCut = false;
    try {
      runAgent(updatableHost(root, { changes }), ["update", "/bundle.tar"], "1.0.0");
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      isCut = true;
    }
    if (!isCut) break;
    const slot = boot(root);
    expect({ changes, slot, isSound: slot !== undefined && verifies(root, slot) }).toMatchObject({
      isSound: true,
    });
    outcomes.add(String(slot));
    agent(root, ["trial", "watch"]);
    expect(stateOf(root)).toMatchObject({ activeSlot: slot });
    expect(stateOf(root)?.trial).toBeUndefined();
    if (slot === "B") continue;
    expect({ changes, quarantine: agent(root, ["status"]).said.includes("not tried again") }).toEqual({
      changes,
      quarantine: false,
    });
    expect({ changes, ...agent(root, ["update", "/bundle.tar"]) }).toMatchObject({ changes, code: 0 });
    expect(boot(root)).toBe("B");
  }
  expect([...outcomes].sort()).toEqual(["A", "B"]);
}, 120_000);
