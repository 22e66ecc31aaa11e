import { expect, test } from "vitest";
import { sampleRelease } from "../../test/sample-release.ts";
import { formatReleaseManifest } from "../release/release-manifest.ts";
import { compareVersions } from "../release/version.ts";
import { planDevelopment } from "./development.ts";

const noon = Date.parse("2026-12-01T12:00:30Z");

test.each([
  ["0.1.0", "0.1.1-dev.202612011200"],
  ["1.2.9", "1.2.10-dev.202612011200"],
  ["0.2.0-rc.1", "0.2.1-dev.202612011200"],
])("after %s comes %s", (version, expected) => {
  const next = planDevelopment({ version }, noon);
  expect(next.version).toBe(expected);
  expect(compareVersions(next.version, version)).toBeGreaterThan(0);
  // As a device reads it, for some centuries.
  expect(formatReleaseManifest(sampleRelease(next))).toContain(expected);
});

test("a minute later it is a later one", () => {
  const [one, other] = [noon, noon + 60_000].map((at) => planDevelopment({ version: "0.1.0" }, at));
  expect(compareVersions(other?.version ?? "", one?.version ?? "")).toBeGreaterThan(0);
  expect(other?.sequence).toBe((one?.sequence ?? 0) + 1);
});
