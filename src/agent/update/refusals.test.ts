// What a device refuses, and that the slot keeps its bytes then.
import { existsSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readDevice } from "../../../test/agent/device/folder-host.ts";
import { boot, bundleOf, makeRelease, updatableHost } from "../../../test/agent/device/updatable-device.ts";
import { agent, device, next } from "../../../test/agent/device/update-run.ts";
import { makeSigner } from "../../../test/update-signer.ts";
import type { ReleaseManifest } from "../../release/release-manifest.ts";

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
    for (const command of ["check", "apply", "update"])
      expect(agent(root, [command, "/bundle.tar"]).said).toContain("another update is being made");
    rmSync(join(root, "proc/77"), { recursive: true });
    expect(agent(root, ["apply", "/bundle.tar"]).code).toBe(0);
  });
});
