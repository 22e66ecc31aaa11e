// Updates that nobody asked for, on a device in a folder.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { configuredFiles } from "../../../test/agent/device/configured-files.ts";
import { publishedFiles } from "../../../test/agent/device/release-folder.ts";
import { boot, stateOf, updatableHost } from "../../../test/agent/device/updatable-device.ts";
import { bareDevice } from "../../../test/agent/device/update-run.ts";
import { makeSigner } from "../../../test/update-signer.ts";
import { runAgent } from "../main.ts";
import { isDue } from "./schedule.ts";

const night = { weekday: 3, minutes: 150 };
const hour = 3_600_000;
const window = ["02:00-04:00"];

test.each<[string, Parameters<typeof isDue>, boolean]>([
  ["a node that isn't told to doesn't ask", [{ auto: false, window: [] }, night, hour], false],
  ["one that is asks once an hour", [{ auto: true, window: [] }, night, hour], true],
  ["and not before that", [{ auto: true, window: [] }, night, hour - 1], false],
  ["in its hours", [{ auto: true, window }, night, hour], true],
  ["and in no others", [{ auto: true, window }, { weekday: 3, minutes: 300 }, hour], false],
  ["without a clock at any time", [{ auto: true, window: [] }, undefined, hour], true],
  ["unless it has hours", [{ auto: true, window }, undefined, hour], false],
])("%s", (_name, given, due) => {
  expect(isDue(...given)).toBe(due);
});

function device(auto: boolean, files: Readonly<Record<string, string | Uint8Array>>): string {
  return bareDevice({ ...configuredFiles({ updates: { source: "/srv", auto } }), ...files });
}

function tick(root: string, sticks = "") {
  const answers: Readonly<Record<string, string>> = { date: "3 02:30\n", "/usr/sbin/blkid": sticks };
  const host = updatableHost(root, {
    run: ([program = ""]) => (program in answers ? { stdout: answers[program] ?? "" } : undefined),
  });
  const code = runAgent(host, ["update", "--scheduled"], "1.0.0");
  return { code, said: host.printed.join("\n"), calls: host.calls };
}

/** As if the last time had been long ago. */
function wait(root: string): void {
  const file = join(root, "run/kubesolo-os/update-attempt.json");
  const { said } = tickNote(root);
  writeFileSync(file, JSON.stringify({ uptimeMs: -hour, said }));
}

function tickNote(root: string): { said: string } {
  return JSON.parse(updatableHost(root).readText("/run/kubesolo-os/update-attempt.json", 4096));
}

describe("a node that updates itself", () => {
  test("does so when there is something newer", () => {
    const root = device(true, publishedFiles([{ version: "1.1.0" }]));
    const { code, said, calls } = tick(root);
    expect({ code, said }).toEqual({
      code: 0,
      said: expect.stringContaining("update: 1.1.0 is on trial; restarting"),
    });
    expect(calls).toContain("reboot");
    expect(stateOf(root)).toMatchObject({ activeSlot: "B", trial: 3 });
  });

  test("doesn't, unless the configuration says so", () => {
    const root = device(false, publishedFiles([{ version: "1.1.0" }]));
    expect(tick(root)).toMatchObject({ code: 0, said: "" });
    expect(stateOf(root)).toMatchObject({ activeSlot: "A" });
  });

  test("doesn't while it is on trial", () => {
    const root = device(true, publishedFiles([{ version: "1.1.0" }]));
    tick(root);
    expect(boot(root)).toBe("B");
    rmSync(join(root, "run/kubesolo-os/update-attempt.json"));
    expect(tick(root)).toEqual({ code: 0, said: "", calls: [] });
  });

  test("asks once an hour, and says what is wrong once", () => {
    const root = device(true, { "/srv/channel/stable.json": "{}" });
    expect(tick(root).said).toMatch(/^update: .*isn't signed/);
    expect(tick(root).calls).not.toContain("write /run/kubesolo-os/update-attempt.json");
    wait(root);
    expect(tick(root)).toMatchObject({
      said: "",
      calls: expect.arrayContaining(["write /run/kubesolo-os/update-attempt.json"]),
    });
  });

  test("takes no release a second time, whatever the source goes on offering", () => {
    const root = device(true, publishedFiles([{ version: "1.0.0" }]));
    const bundle = Object.keys(publishedFiles([{ version: "1.0.0" }])).find((path) => path.endsWith(".tar"));
    writeFileSync(join(root, "etc/kubesolo/updates.json"), JSON.stringify({ source: bundle, auto: true }));
    expect(tick(root)).toMatchObject({
      code: 0,
      said: expect.stringContaining("no newer than what ran here"),
    });
  });

  test("asks its source though an old stick was left in", () => {
    const stick = publishedFiles([{ version: "1.1.0" }], { folder: "/disks/sda1", by: makeSigner(9) });
    const root = device(true, { ...stick, ...publishedFiles([{ version: "1.1.0" }]) });
    const { said, calls } = tick(root, "DEVNAME=/dev/sda1\nLABEL=KSOLOUPDATE\nTYPE=vfat\n");
    expect(said).toMatch(/isn't known here; 1\.1\.0 is on trial; restarting$/);
    expect(calls).toContain("reboot");
  });

  test("has nothing to look at without a source, and says so", () => {
    const root = device(true, {});
    writeFileSync(join(root, "etc/kubesolo/updates.json"), JSON.stringify({ auto: true }));
    expect(tick(root)).toMatchObject({ code: 0, said: expect.stringContaining("no bundle is given") });
  });
});
