import { expect, test } from "vitest";
import { firstKeys, formatKeys, nextKeys } from "./keys-file.ts";

const line = (letter: string) => letter.repeat(56);
const first = firstKeys(line("r"), line("s"));

test("the first keys are one root key and one release key", () => {
  expect(first).toEqual({ number: 1, threshold: 1, root_keys: [line("r")], release_keys: [line("s")] });
  expect(JSON.parse(formatKeys(first))).toEqual(first);
  expect(() => formatKeys(firstKeys("r", "s"))).toThrow("not a minisign public key's line");
});

test("a new release key takes the old one's place, and other people's keys stay", () => {
  const shared = { ...first, release_keys: [line("o"), line("s")] };
  expect(nextKeys(shared, { release: { old: line("s"), new: line("t") } })).toEqual({
    ...first,
    number: 2,
    release_keys: [line("o"), line("t")],
  });
});

test("a new root key takes the old one's place", () => {
  const release = { old: line("s"), new: line("t") };
  expect(nextKeys(first, { release, root: { old: line("r"), new: line("q") } }).root_keys).toEqual([
    line("q"),
  ]);
});

test("a key that doesn't count has no place", () => {
  const release = { old: line("x"), new: line("t") };
  expect(() => nextKeys(first, { release })).toThrow("the key of release.pub isn't in keys.json");
});
