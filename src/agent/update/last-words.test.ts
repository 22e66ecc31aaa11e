import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeDevice, readDevice } from "../../../test/agent/device/folder-host.ts";
import { updatableHost } from "../../../test/agent/device/updatable-device.ts";
import type { HistoryEvent } from "./books.ts";
import { withLastWords } from "./last-words.ts";

const failed = (version: string): HistoryEvent => ({ atMs: 1, what: "failed", version, slot: "B" });

function device(): string {
  const root = makeDevice({ "/var/log/kubesolo.log": "" });
  onTestFinished(() => rmSync(root, { recursive: true }));
  return root;
}

function fail(root: string, version: string): HistoryEvent {
  const said = `init: KubeSolo OS ${version}, slot B, on trial\nengine: no\n`;
  writeFileSync(join(root, "var/log/kubesolo.log"), said);
  return withLastWords(updatableHost(root), failed(version));
}

test("the words of five systems are kept at most", () => {
  const root = device();
  for (const version of ["1.1.0", "1.2.0", "1.3.0", "1.4.0", "1.5.0", "1.6.0", "1.6.0"]) fail(root, version);
  expect(Object.keys(readDevice(root, "/data/update/failed"))).toHaveLength(5);
  expect(readDevice(root, "/data/update/failed")).toHaveProperty(["/data/update/failed/1.6.0.log"]);
});

test("a version that somebody made up leads nowhere else", () => {
  const { log } = fail(device(), "../../../etc/x");
  expect(log).toBe("/data/update/failed/.._.._.._etc_x.log");
});

test("a system that said nothing leaves no file, and one whose file can't be written is told of", () => {
  const root = device();
  expect(withLastWords(updatableHost(root), failed("1.1.0"))).toEqual(failed("1.1.0"));
  writeFileSync(join(root, "data"), "a file where the folder should be");
  expect(fail(root, "1.1.0")).toEqual(failed("1.1.0"));
});
