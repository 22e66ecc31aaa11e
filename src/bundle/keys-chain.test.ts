import { expect, test } from "vitest";
import { makeSigner, type Signer } from "../../test/update-signer.ts";
import { joinKeys, type SignedKeys } from "./keys-chain.ts";
import { formatKeys } from "./keys-file.ts";

const [root, newRoot, thief, release] = [1, 2, 3, 4].map(makeSigner) as [Signer, Signer, Signer, Signer];

function signedKeys(number: number, own: Signer, signers: Signer[], where = `keys ${number}`): SignedKeys {
  const text = formatKeys({
    ...{ number, threshold: 1 },
    ...{ root_keys: [own.line], release_keys: [release.line] },
  });
  return { where, text, signatures: signers.map((signer) => signer.sign(text)) };
}

const first = signedKeys(1, root, [root]);
const second = signedKeys(2, root, [root]);
const third = signedKeys(3, newRoot, [root, newRoot]);

test.each<[string, SignedKeys[], SignedKeys[], number[]]>([
  ["the first keys", [first], [], [1]],
  ["all of them, in any order", [third, first, second], [], [1, 2, 3]],
  ["those that were published fill a folder up that lost them", [third], [second, first], [1, 2, 3]],
  ["the same ones again", [first, second], [first, second], [1, 2]],
  ["one without those before it", [third], [], [3]],
])("%s", (_name, own, published, numbers) => {
  const chain = joinKeys(own, published);
  if ("problems" in chain) throw new Error(chain.problems.join());
  expect(chain.links.map(({ keys }) => keys.number)).toEqual(numbers);
  expect(chain.current.number).toBe(numbers.at(-1));
});

test.each<[string, SignedKeys[], SignedKeys[], RegExp]>([
  ["one that is missing in between", [third, first], [], /keys 3: .*the number 3, and 2 is the next one/],
  ["one that nobody signed", [first, { ...second, signatures: [] }], [], /keys 2: .*signed by 0 root keys/],
  [
    "one that another signed",
    [first, signedKeys(2, thief, [thief])],
    [],
    /keys 2: .*of those that count now/,
  ],
  [
    "published ones that are newer",
    [first],
    [first, second],
    /keys 2 has the number 2, and your newest keys have 1/,
  ],
  [
    "published ones that aren't the same",
    [first],
    [signedKeys(1, thief, [thief], "theirs")],
    /theirs has other keys of the number 1 than keys 1/,
  ],
  ["what is no keys.json", [{ ...first, text: "x" }], [], /keys 1: keys\.json is no JSON/],
])("refuses %s", (_name, own, published, reason) => {
  const chain = joinKeys(own, published);
  expect("problems" in chain && chain.problems.join("\n")).toMatch(reason);
});
