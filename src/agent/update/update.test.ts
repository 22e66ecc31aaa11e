// Updates on a device in a folder: what is written in which order, and that the power may go at any moment.
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { configuredFiles } from "../../../test/agent/device/configured-files.ts";
import { PowerCut, readDevice } from "../../../test/agent/device/folder-host.ts";
import { boot, stateOf, updatableHost, verifies } from "../../../test/agent/device/updatable-device.ts";
import { agent, device, next } from "../../../test/agent/device/update-run.ts";
import { runAgent } from "../main.ts";

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
