// Ways to spoil a JSON text: its values, names and members. Pure.
import type { Random } from "../../../lib/random.ts";
import { ODD_VALUES } from "./odd-values.ts";
import { spoilText } from "./text.ts";

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
