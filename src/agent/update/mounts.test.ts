// Where an update mounts what it looks into, while others look, too, and after one that was killed.
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { agent, device } from "../../../test/agent/device/update-run.ts";

describe.each([
  ["boot-partition", "vda2", ["status"], "slot A: confirmed"],
  ["update-slot", "vda4", ["apply", "/bundle.tar"], "writing 1.1.0 (1 MiB) into slot B"],
])("%s", (place, disk, command, expected) => {
  /** A device on which process 7 has mounted it. */
  function mountedBy7(): string {
    const root = device();
    const folder = join(root, "run/kubesolo-os", place);
    mkdirSync(folder, { recursive: true });
    mkdirSync(join(root, "disks", disk), { recursive: true });
    symlinkSync(join(root, "disks", disk), join(folder, "7"));
    return root;
  }

  test("that one which was killed has left mounted is let go before anything else", () => {
    const root = mountedBy7();
    const { said, calls } = agent(root, [...command]);
    expect(said).toContain(expected);
    const about = calls.filter((call) => call.includes(place) || call.includes("mke2fs"));
    expect(about[0]).toBe(`umount /run/kubesolo-os/${place}/7`);
    expect(existsSync(join(root, "run/kubesolo-os", place, "7"))).toBe(false);
  });

  test("that another one looks into stays mounted, and is looked into", () => {
    const root = mountedBy7();
    mkdirSync(join(root, "proc/7"), { recursive: true });
    writeFileSync(join(root, "proc/7/stat"), "7 (agent) S");
    const { said, calls } = agent(root, [...command]);
    expect(said).toContain(expected);
    expect(calls).not.toContain(`umount /run/kubesolo-os/${place}/7`);
    expect(calls).toContain(`umount /run/kubesolo-os/${place}/42`);
  });
});
