// A text of several YAML documents, such as a manifest. Pure.
import type { Located } from "../located.ts";
import type { Problem } from "../problems.ts";
import { parseSyntax } from "./syntax.ts";
import { parseValues } from "./values.ts";

export function parseDocuments(text: string): { roots: Located[] } | { problem: Problem } {
  const syntax = parseSyntax("", text, true);
  if (Array.isArray(syntax)) return { problem: syntax[0] as Problem };
  const roots: Located[] = [];
  for (const root of syntax.roots) {
    const values = parseValues({ ...syntax, root }, "");
    if (Array.isArray(values)) return { problem: values[values.length - 1] as Problem };
    roots.push(values.root);
  }
  return { roots };
}
