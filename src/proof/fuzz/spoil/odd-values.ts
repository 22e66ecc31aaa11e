// Values that whoever reads JSON or YAML may not have thought of.

const NUMBERS = [0, -1, 0.5, 1e21, 1e300, 8.64e15 + 1, -8.64e15 - 1, 2 ** 53, 999_999_999, 1_000_000_000];
const NOT_IN_JSON = [Number.NaN, Number.POSITIVE_INFINITY];
const WORDS = [
  "",
  " ",
  "0",
  "0644",
  "yes",
  "~",
  "A",
  "B",
  "C",
  "1.2.3",
  "v1",
  "v1.2.3",
  "99.0.0",
  "writing",
  "written",
  "activated",
  "failed",
];
const PATHS = ["/", "../..", "$(reboot)"];
const NAMES = ["__proto__", "constructor"];
const CHARACTERS = ["\u0000\u001b[2J", "\u202e", "ä\u2028\u{1f600}", "a".repeat(5000), "ab".repeat(32)];
const COLLECTIONS: readonly unknown[] = [
  [],
  {},
  [null],
  [[]],
  [1, "a", [], {}],
  { length: -1 },
  { toString: 1, hasOwnProperty: 2, length: -1 },
  { __proto__: null },
  { constructor: { prototype: 1 } },
];

export const ODD_VALUES: readonly unknown[] = [
  ...[null, true, false],
  ...[...NUMBERS, ...NOT_IN_JSON],
  ...[...WORDS, ...PATHS, ...NAMES, ...CHARACTERS],
  ...COLLECTIONS,
];
