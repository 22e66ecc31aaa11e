// What the power leaves half done between two of the disk's notes, on a device in a folder. Each was a life that the simulator
// (src/proof/simulator) found.
import { cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { PowerCut, readDevice } from "../../../test/agent/device/folder-host.ts";
import {
  boot,
  bundleOf,
  makeRelease,
  stateOf,
  updatableHost,
} from "../../../test/agent/device/updatable-device.ts";
import { agent, device } from "../../../test/agent/device/update-run.ts";
import { runAgent } from "../main.ts";

/** Runs a command until it would make that change. */
function cutBefore(root: string, args: readonly string[], change: string): void {
  const twin = `${root}-twin`;
  cpSync(root, twin, { recursive: true, verbatimSymlinks: true });
  onTestFinished(() => rmSync(twin, { recursive: true }));
  const changes = agent(twin, args).calls.indexOf(change);
  expect(changes).toBeGreaterThan(0);
  expect(() => runAgent(updatableHost(root, { changes }), args, "1.0.0")).toThrow(PowerCut);
}

const writer = (root: string) => JSON.parse(readFileSync(join(root, "data/update/writer.json"), "utf8"));
const history = (root: string) => JSON.parse(agent(root, ["history", "--json"]).said) as { what: string }[];

describe("the power goes", () => {
  test("before a confirmed system has noted that it is: the next boot does, so that its cluster is kept", () => {
    const root = device();
    agent(root, ["update", "/bundle.tar"]);
    boot(root);
    agent(root, ["trial", "prepare"]);
    cutBefore(root, ["confirm"], "write /data/update/writer.json");
    boot(root);
    expect(writer(root)).toMatchObject({ slot: "B", isConfirmed: false });
    agent(root, ["trial", "watch"]);
    expect(writer(root)).toMatchObject({ slot: "B", isConfirmed: true });
  });

  test("before a way back is noted: the next boot does", () => {
    const root = device();
    agent(root, ["update", "/bundle.tar"]);
    boot(root);
    agent(root, ["trial", "watch"]);
    cutBefore(root, ["rollback"], "write /data/update/books.json");
    expect(boot(root)).toBe("A");
    agent(root, ["trial", "watch"]);
    expect(history(root).at(-1)).toMatchObject({ what: "rolled back", version: "1.1.0", slot: "B" });
    agent(root, ["trial", "watch"]);
    expect(history(root).filter(({ what }) => what === "rolled back")).toHaveLength(1);
  });

  test("before it is noted that an update was called off: it only waits to be activated again", () => {
    const root = device();
    agent(root, ["apply", "/bundle.tar"]);
    agent(root, ["activate"]);
    cutBefore(root, ["rollback"], "write /data/update/books.json");
    expect(boot(root)).toBe("A");
    agent(root, ["trial", "watch"]);
    expect(history(root).filter(({ what }) => what === "failed")).toEqual([]);
    expect(agent(root, ["activate"]).code).toBe(0);
    expect(boot(root)).toBe("B");
  });

  test("between the two copies of the state: an update first makes them the same", () => {
    const root = device();
    cutBefore(root, ["rollback", "--again"], "write blocks /dev/vda2 4096");
    expect(boot(root)).toBe("B");
    const disk = () => readFileSync(join(root, "dev/vda2"));
    const copies = () =>
      [4096, 16_384].map((at) =>
        disk()
          .subarray(at, at + 1024)
          .toString("latin1"),
      );
    expect(new Set(copies()).size).toBe(2);
    expect(agent(root, ["apply", "/bundle.tar"]).code).toBe(0);
    expect(new Set(copies()).size).toBe(1);
  });
});

test("nothing is written into the slot that is started next: it would run without a trial", () => {
  const root = device({ "/later.tar": bundleOf(makeRelease("1.2.0").files) });
  agent(root, ["update", "/bundle.tar"]);
  boot(root);
  agent(root, ["trial", "watch"]);
  agent(root, ["rollback"]);
  const before = readDevice(root, "/disks/vda3");
  expect(agent(root, ["apply", "/later.tar"])).toMatchObject({
    code: 1,
    said: expect.stringContaining("the one that is started next (restart the machine first)"),
  });
  expect(readDevice(root, "/disks/vda3")).toEqual(before);
  boot(root);
  expect(agent(root, ["apply", "/later.tar"]).code).toBe(0);
});

test("what waits for its first boot isn't activated twice", () => {
  const root = device();
  agent(root, ["apply", "/bundle.tar"]);
  agent(root, ["activate"]);
  const { generation } = stateOf(root) ?? {};
  expect(agent(root, ["activate"]).said).toContain("1.1.0 is on trial from the next boot on");
  expect(stateOf(root)?.generation).toBe(generation);
  expect(history(root).filter(({ what }) => what === "activated")).toHaveLength(1);
});
