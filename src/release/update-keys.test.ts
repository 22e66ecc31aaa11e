import { expect, test } from "vitest";
import { makeSigner, type Signer } from "../../test/update-signer.ts";
import { nodeMath as math } from "../lib/signature-math.ts";
import { parseUpdateKeys, rotateKeys, type UpdateKeys } from "./update-keys.ts";

const [one, two, three, thief] = [1, 2, 3, 4].map(makeSigner) as [Signer, Signer, Signer, Signer];
const file = (number: number, roots: readonly Signer[], threshold = roots.length, releases = [thief]) =>
  JSON.stringify({
    number,
    threshold,
    root_keys: roots.map(({ line }) => line),
    release_keys: releases.map(({ line }) => line),
  });
const keysOf = (text: string): UpdateKeys => {
  const parsed = parseUpdateKeys(text, math);
  if ("refusal" in parsed) throw new Error(parsed.refusal);
  return parsed.keys;
};
const rotate = (current: string, text: string, signers: readonly Signer[]) =>
  rotateKeys(
    keysOf(current),
    { bytes: Buffer.from(text), text, signatures: signers.map((signer) => signer.sign(text)) },
    math,
  );

test("one person with one key rotates it with both", () => {
  const next = file(2, [two]);
  expect(rotate(file(1, [one]), next, [one, two])).toEqual({ keys: keysOf(next) });
});

test("two of three root keys rotate the third", () => {
  const old = file(1, [one, two, three], 2);
  expect(rotate(old, file(2, [one, two], 2), [one, two])).toHaveProperty("keys");
});

test.for([
  ["by the old key alone", [one], "its own"],
  ["by the new key alone", [two], "those that count now"],
  ["by a release key", [thief, two], "those that count now"],
  ["by one key twice", [one, one], "its own"],
  ["by nobody", [], "those that count now"],
] as const)("refused: signed %s", ([, signers, of]) => {
  expect(rotate(file(1, [one]), file(2, [two]), signers)).toEqual({
    refusal: expect.stringContaining(`root keys of ${of}, and 1 are needed`),
  });
});

test.for([
  ["the same number", file(1, [one])],
  ["an older one", file(1, [two])],
  ["a number that leaves one out", file(3, [one])],
] as const)("refused: %s", ([, text]) => {
  expect(rotate(file(1, [one]), text, [one, two])).toEqual({
    refusal: expect.stringContaining("2 is the next one"),
  });
});

test("a key that is listed twice counts once", () => {
  const twice = file(1, [one, one, two], 2);
  expect(rotate(twice, file(2, [two]), [one, two])).toHaveProperty("keys");
  expect(rotate(twice, file(2, [three]), [one, three])).toHaveProperty("refusal");
});

test.for([
  ["no JSON", "{", "no JSON"],
  ["a threshold of none", file(1, [one], 0), "threshold"],
  ["a threshold that can't be reached", file(1, [one, one], 2), "more keys than there are"],
  ["no release keys", file(1, [one], 1, []), "release_keys"],
  ["what is no key", file(1, [{ ...one, line: "RW" }]), "root_keys.0"],
  ["a key of another kind", file(1, [{ ...one, line: `QQ${one.line.slice(2)}` }]), "no Ed25519 key"],
  ["another word", file(1, [one]).replace("threshold", "treshold"), "keys.json, "],
] as const)("refused: %s", ([, text, refusal]) => {
  expect(parseUpdateKeys(text, math)).toEqual({ refusal: expect.stringContaining(refusal) });
});
