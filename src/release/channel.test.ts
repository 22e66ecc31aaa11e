import { expect, test } from "vitest";
import { sampleRelease } from "../../test/sample-release.ts";
import { type Channel, describedIn, formatChannel, parseChannel } from "./channel.ts";

const release = describedIn(sampleRelease(), "5".repeat(64));
const channel: Channel = {
  product: "kubesolo-os",
  channel: "stable",
  number: 7,
  issued: "2026-11-29T19:00:00Z",
  releases: [release],
};

test("a channel reads as it was written, and says of a release what decides", () => {
  expect(parseChannel(formatChannel(channel))).toEqual(channel);
  expect(Object.keys(release)).toEqual([
    "version",
    "sequence",
    "architecture",
    "profile",
    "kubernetes",
    "min_compatible_version",
    "manifest_sha256",
  ]);
});

test("what a later version says besides is no fault", () => {
  const text = JSON.stringify({ ...channel, note: "x", releases: [{ ...release, note: "x" }] });
  expect(parseChannel(text)).toEqual(channel);
});

test.each<[string, unknown, RegExp]>([
  ["no JSON", undefined, /^as a whole: /],
  ["a list", [], /^product: /],
  ["of something else", { ...channel, product: "other" }, /^product: /],
  ["with a path for a name", { ...channel, channel: "../x" }, /^channel: not a channel's name/],
  ["without a number", { ...channel, number: 0 }, /^number: /],
  ["issued at no time", { ...channel, issued: "yesterday" }, /^issued: not a time/],
  [
    "with a path for a sum",
    { ...channel, releases: [{ ...release, manifest_sha256: "../../x" }] },
    /^releases\.0\.manifest_sha256: not a SHA-256/,
  ],
  [
    "with a version that is none",
    { ...channel, releases: [{ ...release, version: "new" }] },
    /^releases\.0\.version/,
  ],
])("a channel %s is refused", (_name, value, problem) => {
  expect(parseChannel(JSON.stringify(value) ?? "<html>")).toEqual({
    problem: expect.stringMatching(problem),
  });
});
