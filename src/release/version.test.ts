import { expect, test } from "vitest";
import { compareVersions, isVersion } from "./version.ts";

test("versions in semver's own order", () => {
  const ordered = [
    ...[
      "0.9.9",
      "1.0.0-alpha",
      "1.0.0-alpha.1",
      "1.0.0-alpha.beta",
      "1.0.0-beta",
      "1.0.0-beta.2",
      "1.0.0-beta.11",
    ],
    ...["1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0"],
  ];
  expect([...ordered].reverse().sort(compareVersions)).toEqual(ordered);
  expect(compareVersions("1.0.0+one", "1.0.0+two")).toBe(0);
});

test.for(["1", "1.2", "v1.2.3", "1.2.3 ", "01.2.3", "1.2.3-", "1.2.3-a..b", ""])("%j is none", (text) => {
  expect(isVersion(text)).toBe(false);
});
