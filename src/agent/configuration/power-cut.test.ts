// A power cut anywhere in a boot is made good by the next one, on a device in a folder.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  bootDevice,
  decision,
  device,
  everything,
  kept,
  line,
  load,
  named,
  stick,
  volumes,
} from "../../../test/agent/device/booted-device.ts";
import { folderHost, PowerCut, readDevice } from "../../../test/agent/device/folder-host.ts";
import { boot } from "./boot.ts";
import type { Load } from "./choice.ts";

describe("power cut", () => {
  test("before any change, the next boot ends as if there had been none", () => {
    const before = decision([
      { do: "set-hostname", name: "old" },
      { do: "set-updates", updates: { auto: true } },
      { do: "set-timezone", zone: "UTC" },
    ]);
    /** A device that ran the old configuration, with a stick that has the new one. */
    const prepared = (): string => {
      const root = device(kept(before));
      bootDevice(root);
      rmSync(join(root, "run"), { recursive: true });
      return root;
    };
    const world = () => volumes({ "/dev/sda": { "user-data": everything, "meta-data": "m" } }, stick);
    const lasting = (root: string) => ({ ...readDevice(root, "/etc"), ...readDevice(root, "/usr") });

    const whole = prepared();
    const changes = bootDevice(whole, world()).changes();
    expect(changes).toBeGreaterThan(20);
    for (let cut = 0; cut < changes; cut++) {
      const root = prepared();
      expect(() => bootDevice(root, { ...world(), changes: cut })).toThrow(PowerCut);
      rmSync(join(root, "run"), { recursive: true, force: true }); // memory
      bootDevice(root, world());
      expect(lasting(root), `after ${cut} changes`).toEqual(lasting(whole));
    }
  });

  test("while a new configuration is kept: without its stick, the old or the new counts, never half of each", () => {
    for (let cut = 0; cut < 12; cut++) {
      const root = device(kept(named("old")));
      bootDevice(root);
      const world = volumes({ "/dev/sda": { "user-data": named("new"), "meta-data": "m" } }, stick);
      try {
        bootDevice(root, { ...world, changes: cut });
      } catch (error) {
        expect(error).toBeInstanceOf(PowerCut);
      }
      rmSync(join(root, "run"), { recursive: true, force: true });
      let sources: readonly string[] = [];
      const noting: Load = (texts) => {
        sources = texts.map(({ kind, text }) => `${kind} ${text}`);
        return load(texts);
      };
      boot(folderHost(root), noting, []);
      expect([[`user-data ${named("old")}`], [`user-data ${named("new")}`, "meta-data m"]]).toContainEqual(
        sources,
      );
      expect(line(root)).not.toContain("NOT USED");
    }
  });
});
