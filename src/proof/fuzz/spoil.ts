// Ways to spoil what is valid: bytes, lines of text, values of JSON, headers of tar. Pure: numbers come from a seed.
import type { Random } from "../../lib/random.ts";
import { parseTarHeader, TAR_BLOCK_BYTES, tarSpace } from "../../release/tar-header.ts";

type Bytes = Uint8Array;

const ODD_BYTES = [
  0, 1, 9, 10, 13, 0x20, 0x22, 0x23, 0x27, 0x2e, 0x2f, 0x30, 0x3d, 0x5c, 0x7f, 0x80, 0xc3, 0xff,
];

/** One to four edits of bytes. */
export function spoilBytes(random: Random, content: Bytes): Bytes {
  let bytes = content;
  for (let left = 1 + random.number(4); left > 0; left--) bytes = editBytes(random, bytes);
  return bytes;
}

function editBytes(random: Random, bytes: Bytes): Bytes {
  const at = random.number(bytes.length + 1);
  const end = Math.min(bytes.length, at + 1 + random.number(random.pick([1, 4, 64, 600])));
  switch (random.number(8)) {
    case 0:
    case 1:
      return replaced(bytes, at, at + 1, [(bytes[at] ?? 0) ^ (1 << random.number(8))]);
    case 2:
      return replaced(bytes, at, at + random.number(2), [random.pick(ODD_BYTES)]);
    case 3:
      return replaced(bytes, at, at + random.number(2), [random.number(256)]);
    case 4:
      return replaced(bytes, at, end, []);
    case 5:
      return replaced(bytes, at, at, bytes.subarray(at, end));
    case 6:
      return bytes.subarray(0, at);
    default: {
      // A sector that was lost, or is another one's.
      const sector = at - (at % TAR_BLOCK_BYTES);
      const from = random.number(2) === 0 ? undefined : random.number(bytes.length + 1);
      const size = Math.min(TAR_BLOCK_BYTES, bytes.length - sector);
      const with_ = from === undefined ? new Uint8Array(size) : bytes.subarray(from, from + size);
      return replaced(bytes, sector, sector + size, with_);
    }
  }
}

function replaced(bytes: Bytes, start: number, end: number, by: ArrayLike<number>): Bytes {
  const tail = bytes.subarray(Math.min(end, bytes.length));
  const result = new Uint8Array(start + by.length + tail.length);
  result.set(bytes.subarray(0, start));
  result.set(by, start);
  result.set(tail, start + by.length);
  return result;
}

const ODD_WORDS = [
  ...[
    "",
    "0",
    "-1",
    "999999999",
    "1000000000",
    "9007199254740993",
    "1e999",
    "-0",
    "1.5",
    "null",
    "true",
    "{}",
    "[]",
  ],
  ...[
    '"',
    '""',
    "\\",
    "'",
    "=",
    "#",
    "\t",
    "../..",
    "__proto__",
    "constructor",
    "A",
    "B",
    "C",
    "\u0000",
    "\u202e",
  ],
  ...["a".repeat(300), "v1.2.3", "1.2.3", "state-lost", "kubesolo.slot=", "kubesolo.trial", "ip="],
];

/** One to three edits of words and lines. */
export function spoilText(random: Random, text: string): string {
  let now = text;
  for (let left = 1 + random.number(3); left > 0; left--) now = editText(random, now);
  return now;
}

function editText(random: Random, text: string): string {
  const kind = random.number(6);
  if (kind < 3) {
    // A word for another one.
    const words = text.split(WORD);
    const at = random.number(words.length);
    const word = random.number(3) === 0 ? random.pick(words) : random.pick(ODD_WORDS);
    return [...words.slice(0, at), word, ...words.slice(at + (kind === 0 ? 0 : 1))].join("");
  }
  if (kind === 3) {
    const at = random.number(text.length + 1);
    return text.slice(0, at) + random.pick(ODD_WORDS) + text.slice(at);
  }
  const lines = text.split("\n");
  const at = random.number(lines.length + 1);
  return [...lines.slice(0, at), random.pick(lines), ...lines.slice(at + random.number(2))].join("\n");
}

const WORD = /([0-9]+|[A-Za-z_]+)/;

const ODD_VALUES: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    0.5,
    1e21,
    1e300,
    8.64e15 + 1,
    -8.64e15 - 1,
    2 ** 53,
    999_999_999,
    1_000_000_000,
  ],
  ...[
    "",
    " ",
    "0",
    "~",
    "A",
    "B",
    "C",
    "__proto__",
    "constructor",
    "../..",
    "/",
    "1.2.3",
    "v1",
    "v1.2.3",
    "99.0.0",
  ],
  ...[
    "writing",
    "written",
    "activated",
    "failed",
    "\u0000\u001b[2J",
    "\u202e",
    "a".repeat(5000),
    "ab".repeat(32),
  ],
  ...[[], {}, [null], [[]], [1, "a", [], {}], { length: -1 }, { toString: 1, hasOwnProperty: 2 }],
];

/** A JSON text with some of its values, names or members changed; at times its text, too. */
export function spoilJson(random: Random, text: string): string {
  if (random.number(4) === 0) return spoilText(random, text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return spoilText(random, text);
  }
  for (let left = 1 + random.number(3); left > 0; left--) value = editValue(random, value, 0);
  const spoiled = JSON.stringify(value) ?? "";
  return random.number(8) === 0 ? spoilText(random, spoiled) : spoiled;
}

function editValue(random: Random, value: unknown, depth: number): unknown {
  const isInner = typeof value === "object" && value !== null && Object.keys(value).length > 0;
  if (!isInner || random.number(6) === 0) return editLeaf(random, value, depth);
  if (Array.isArray(value)) {
    const at = random.number(value.length);
    const kind = random.number(8);
    if (kind === 0) return value.filter((_, index) => index !== at);
    if (kind === 1) return [...value, value[at]];
    return value.map((each, index) => (index === at ? editValue(random, each, depth + 1) : each));
  }
  const entries = Object.entries(value);
  const at = random.number(entries.length);
  const kind = random.number(10);
  const edited = entries.flatMap(([name, each], index): [string, unknown][] => {
    if (index !== at) return [[name, each]];
    if (kind === 0) return [];
    if (kind === 1) return [[random.pick(["", "__proto__", "constructor", `${name}s`]), each]];
    if (kind === 2)
      return [
        [name, each],
        [`${name}2`, each],
      ];
    return [[name, editValue(random, each, depth + 1)]];
  });
  return Object.fromEntries(edited);
}

function editLeaf(random: Random, value: unknown, depth: number): unknown {
  const kind = random.number(5);
  if (kind === 0) return [value];
  if (kind === 1 && depth > 0) return { name: value };
  if (kind === 2 && typeof value === "number")
    return random.pick([-value, value + 1, value - 1, value * 1e9, value / 3]);
  if (kind === 2 && typeof value === "string") return spoilText(random, value);
  return random.pick(ODD_VALUES);
}

/** A tar whose bytes are spoiled, or one of whose headers says something else and has the sum of that. */
export function spoilTar(random: Random, tar: Bytes): Bytes {
  if (random.number(3) === 0) return spoilBytes(random, tar);
  const headers = headersOf(tar);
  const at = random.pick(headers);
  const header = tar.slice(at, at + TAR_BLOCK_BYTES);
  const [start, size] = random.pick([
    [0, 100],
    [124, 12],
    [156, 1],
    [257, 6],
    [345, 155],
  ] as const);
  const text = random.pick([
    "vmlinuz",
    "release.json",
    "../x",
    "/etc",
    "7777777777",
    "0",
    "00000000012",
    "-1",
    "5",
    "\u0000",
  ]);
  for (let index = 0; index < Math.min(size, text.length + 1); index++)
    header[start + index] = text.charCodeAt(index) || 0;
  if (random.number(4) > 0) putSum(header);
  return replaced(tar, at, at + TAR_BLOCK_BYTES, header);
}

function headersOf(tar: Bytes): number[] {
  const found: number[] = [];
  for (let at = 0; at < tar.length; ) {
    const header = parseTarHeader(tar.slice(at, at + TAR_BLOCK_BYTES));
    if (header === "end" || "refusal" in header) break;
    found.push(at);
    at += TAR_BLOCK_BYTES + tarSpace(header.size);
  }
  return found.length === 0 ? [0] : found;
}

/** POSIX ustar: the sum of all bytes, with the sum's own field as spaces. */
export function putSum(header: Bytes): void {
  for (let index = 148; index < 156; index++) header[index] = 0x20;
  const sum = header.reduce((total, byte) => total + byte, 0);
  const digits = `${sum.toString(8).padStart(6, "0")}\u0000 `;
  for (let index = 0; index < 8; index++) header[148 + index] = digits.charCodeAt(index);
}
