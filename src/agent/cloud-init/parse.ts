// A file's text → its values with their places, or all that is wrong with it as a text. Pure.
import { checkFirstLine } from "./first-line.ts";
import type { Located } from "./located.ts";
import type { Problem } from "./problems.ts";
import { checkText, readableText, type SourceText } from "./source.ts";
import { parseSyntax } from "./yaml/syntax.ts";
import { parseValues } from "./yaml/values.ts";

export interface Parsed {
  /** undefined: the file can't be used. A file with nothing but comments is an empty mapping. */
  readonly root?: Located;
  readonly problems: readonly Problem[];
}

/** user-data and vendor-data say what they are on their first line. */
export function parseCloudConfig(source: SourceText): Parsed {
  // As good as none: whoever makes a volume may leave it empty.
  if (readableText(source.text).trim() === "") return { problems: [] };
  const problem = checkText(source) ?? checkFirstLine(source);
  return problem === undefined ? parseYaml(source) : { problems: [problem] };
}

/** meta-data and network-config are YAML without such a line. */
export function parseYaml(source: SourceText): Parsed {
  const problem = checkText(source);
  if (problem !== undefined) return { problems: [problem] };
  const syntax = parseSyntax(source.file, readableText(source.text));
  if (Array.isArray(syntax)) return { problems: syntax };
  const values = parseValues(syntax, source.file);
  if (Array.isArray(values)) return { problems: values };
  return checkMapping(values.root, values.warnings);
}

function checkMapping(root: Located, warnings: readonly Problem[]): Parsed {
  if (root.kind === "mapping") return { root, problems: warnings };
  if (root.kind === "scalar" && root.value === null)
    return { root: { kind: "mapping", entries: new Map(), at: root.at }, problems: warnings };
  const message = `${root.kind === "list" ? "a list" : "one value"} where there must be keys`;
  const hint = 'write "key: value", with a space after the colon';
  return { problems: [...warnings, { severity: "error", ...root.at, path: "", message, hint }] };
}
