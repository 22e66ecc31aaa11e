import { rmSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { folderHost, makeDevice, readDevice } from "../../../../test/agent/device/folder-host.ts";
import { setTimezone } from "./timezone.ts";

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

function device(): string {
  const root = makeDevice({
    "run/x": "",
    "usr/share/zoneinfo/Europe/Berlin": "TZif",
    "usr/share/zoneinfo/UTC": "TZif",
  });
  roots.push(root);
  return root;
}

test("leads the machine's clock to the zone, and to another one later", () => {
  const root = device();
  expect(setTimezone(folderHost(root), "UTC")).toEqual([]);
  expect(setTimezone(folderHost(root), "Europe/Berlin")).toEqual([]);
  expect(readDevice(root, "/run/localtime")).toEqual({
    "/run/localtime": "→ /usr/share/zoneinfo/Europe/Berlin",
  });
});

test("says so when the image is without it, and leaves the clock alone", () => {
  const root = device();
  expect(setTimezone(folderHost(root), "Europe/Atlantis")).toEqual([
    "timezone: Europe/Atlantis: this image doesn't have it",
  ]);
  expect(readDevice(root, "/run/localtime")).toEqual({});
});
