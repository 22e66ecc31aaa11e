import { expect, test } from "vitest";
import { sampleRelease } from "../../test/sample-release.ts";
import { trustedComment } from "./sign.ts";
import { describeRelease } from "./verify.ts";

const manifest = sampleRelease({ notes: "one\n\u001b[2Jtwo\n" });

test("a release for a person, and no control character of its author's", () => {
  const lines = describeRelease(manifest).split("\n");
  expect(lines.slice(0, 4)).toEqual([
    "release        kubesolo-os 1.2.0, sequence 12",
    "for            amd64, profile vm, layout 1",
    "over           1.0.0 and later",
    "kubernetes     v1.37.2",
  ]);
  expect(lines.slice(-4)).toEqual([
    "in all         40 bytes",
    "notes          one",
    "notes          ?[2Jtwo",
    "",
  ]);
});

test("a signature's comment says which release it is of", () => {
  expect(trustedComment(manifest)).toBe("kubesolo-os 1.2.0 sequence 12 amd64 vm");
});
