// Ways to spoil words and lines of a text. Pure.
import type { Random } from "../../../lib/random.ts";

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
