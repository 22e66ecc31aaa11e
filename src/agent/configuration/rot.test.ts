// Files of the agent's own that have rotted: each costs what it remembers, and no boot.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  bootDevice,
  decision,
  device,
  hostname,
  kept,
  line,
  makeNewer,
  named,
  stick,
  volumes,
} from "../../../test/agent/device/booted-device.ts";
import { folderHost, readDevice } from "../../../test/agent/device/folder-host.ts";
import { configuredKeys } from "../update/source/configured-keys.ts";
import { readReport } from "./report.ts";

/** No UTF-8: a file one of whose bytes has lost its highest bit, or got one. */
const ROTTEN = Uint8Array.from([...Buffer.from('{"a'), 0xff, ...Buffer.from('":1}')]);

function booted(): string {
  const root = device();
  bootDevice(root, volumes({ "/dev/sda": { "user-data": named("box") } }, stick));
  return root;
}

describe("what has rotted", () => {
  test("of the kept copy is told, and the last good configuration counts", () => {
    const root = booted();
    writeFileSync(join(root, "etc/kubesolo/cloud-init.yaml"), ROTTEN);
    const { printed } = bootDevice(root);
    expect(hostname(root)).toBe("box");
    expect(line(root)).toContain("NOT USED, the last good one counts instead");
    expect(printed.join("\n")).toContain("cloud-init.yaml is no text in UTF-8");
  });

  test.each(["agent/owned.json", "cloud-init.json", "updates.json", "hostname"])(
    "of %s is made anew",
    (name) => {
      const updates = { source: "https://updates.example" };
      const root = device(
        kept(
          decision([
            { do: "set-hostname", name: "box" },
            { do: "set-updates", updates },
          ]),
        ),
      );
      bootDevice(root);
      const whole = readDevice(root, "/etc/kubesolo");
      writeFileSync(join(root, "etc/kubesolo", name), ROTTEN);
      const { printed } = bootDevice(root);
      expect(readDevice(root, "/etc/kubesolo")).toEqual(whole);
      expect(printed.join("\n")).not.toContain("UTF-8");
    },
  );

  test("of the keys that count leaves none, and a stick brings no others", () => {
    const updates = (...keys: string[]) => decision([{ do: "set-updates", updates: { keys } }]);
    const root = device(kept(updates("one")));
    bootDevice(root);
    writeFileSync(join(root, "data/update/trusted-keys.json"), ROTTEN);
    makeNewer(root, kept(updates("thief")));
    bootDevice(root);
    expect(configuredKeys(folderHost(root))).toEqual([]);
  });

  test("of the report is as none", () => {
    const root = booted();
    writeFileSync(join(root, "run/kubesolo-os/configuration.json"), "{}");
    expect(readReport(folderHost(root))).toBeUndefined();
  });
});
