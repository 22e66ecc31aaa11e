// The parser's tree → values with their places, as PyYAML's safe_load constructs them: anchors, merge keys, tags, and the
// last of several equal keys. Pure, and bounded: what an alias stands for counts each time that it is used.
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap } from "yaml";
import type { Located, LocatedEntry } from "../located.ts";
import type { Position, Problem } from "../problems.ts";
import { quoted } from "../problems.ts";
import { plainScalar, taggedScalar } from "./scalars.ts";
import type { Syntax } from "./syntax.ts";

const MAX_VALUES = 10_000;
const YAML_TAG = "tag:yaml.org,2002:";

/** YAML 1.1's own. */
const TAGS = "binary bool float int map merge null omap pairs seq set str timestamp value".split(" ");

export interface Values {
  readonly root: Located;
  readonly warnings: readonly Problem[];
}

/** A located value, and how many values it is made of. */
interface Built {
  readonly located: Located;
  readonly count: number;
}

class Refused {
  readonly problem: Problem;
  constructor(problem: Problem) {
    this.problem = problem;
  }
}

export function parseValues(syntax: Syntax, file: string): Values | Problem[] {
  const warnings: Problem[] = [];
  const anchors = new Map<string, Built | "unfinished">();
  let mergedSoFar = 0;
  const top: Position = { file, line: 1, column: 1 };
  try {
    const { located } = build(syntax.root, top);
    return { root: located, warnings };
  } catch (error) {
    if (error instanceof Refused) return [...warnings, error.problem];
    throw error;
  }

  function build(node: unknown, parent: Position): Built {
    const at = placeOf(node) ?? parent;
    if (isAlias(node)) return resolveAlias(node.source, at);
    const anchor = isMap(node) || isSeq(node) || isScalar(node) ? node.anchor : undefined;
    if (anchor !== undefined) anchors.set(anchor, "unfinished");
    const built = buildContent(node, at);
    if (anchor !== undefined) anchors.set(anchor, built);
    return built;
  }

  function buildContent(node: unknown, at: Position): Built {
    if (isMap(node)) {
      checkTag(node.tag, `${YAML_TAG}map`, at);
      return buildMapping(node, at);
    }
    if (isSeq(node)) {
      checkTag(node.tag, `${YAML_TAG}seq`, at);
      const built = node.items.map((item) => build(item, at));
      return counted({ kind: "list", items: built.map(({ located }) => located), at }, built, at);
    }
    if (!isScalar(node)) return { located: { kind: "scalar", value: null, source: "", at }, count: 1 };
    const source = isUnended(node) ? String(node.value).slice(0, -1) : String(node.value);
    if (node.tag === `${YAML_TAG}binary`)
      return {
        located: { kind: "scalar", value: source.replace(/\s/g, ""), source: "", at, isBinary: true },
        count: 1,
      };
    if (node.type === "PLAIN" && source.includes(" - ")) warnOfDash(node);
    const value = scalarValue(node.tag, node.type, source, at);
    const isText = node.tag === undefined || node.tag === "!" || node.tag === `${YAML_TAG}str`;
    const range =
      isText && node.range
        ? { range: [syntax.originalOffset(node.range[0]), syntax.originalOffset(node.range[1])] as const }
        : {};
    return { located: { kind: "scalar", value, source, at, ...range }, count: 1 };
  }

  /** PyYAML gives a block's last line no end that the file doesn't have. */
  function isUnended({ type, range, value }: Scalar): boolean {
    if (type !== "BLOCK_LITERAL" && type !== "BLOCK_FOLDED") return false;
    const isLast = (range?.[1] ?? 0) >= syntax.text.length && /\S$/.test(syntax.text.slice(-1));
    return isLast && String(value).endsWith("\n");
  }

  function buildMapping(map: YAMLMap, at: Position): Built {
    const own = new Map<string, LocatedEntry>();
    const parts: Built[] = [];
    const merged: Map<string, LocatedEntry>[] = [];
    for (const pair of map.items) {
      const keyAt = placeOf(pair.key) ?? at;
      if (isMergeKey(pair)) {
        const built = build(pair.value, keyAt);
        parts.push(built);
        merged.push(...mergedEntries(built.located, keyAt));
        continue;
      }
      const key = keyText(pair.key, keyAt);
      const earlier = own.get(key);
      if (earlier !== undefined) warnOfTwice(key, keyAt, earlier.at);
      const built = build(pair.value, keyAt);
      parts.push(built);
      own.set(key, { at: keyAt, value: built.located });
    }
    const entries = new Map([...merged.reverse().flatMap((each) => [...each]), ...own]);
    return counted({ kind: "mapping", entries, at }, parts, at);
  }

  function resolveAlias(name: string, at: Position): Built {
    const target = anchors.get(name);
    if (target === undefined)
      refuse(at, "an alias (*) of what has no anchor (&) above", "put text that begins with * in quotes");
    if (target === "unfinished") refuse(at, "an alias (*) inside of what it stands for");
    return target;
  }

  function scalarValue(tag: string | undefined, type: unknown, source: string, at: Position) {
    if (tag === undefined) return type === "PLAIN" ? plainScalar(source) : source;
    const value = taggedScalar(tag, source);
    if (value === undefined) return refuseTag(tag, at);
    return value;
  }

  function keyText(key: unknown, at: Position): string {
    if (isAlias(key)) {
      const { located } = resolveAlias(key.source, at);
      if (located.kind === "scalar") return located.source;
    }
    if (key === null) return "null";
    if (!isScalar(key)) return refuse(at, "a key that is a list or a mapping", "a key is a word");
    if (key.anchor !== undefined) build(key, at);
    return String(key.value);
  }

  function mergedEntries(value: Located, at: Position): Map<string, LocatedEntry>[] {
    if (value.kind === "mapping") return [copied(value.entries, at)];
    const maps = value.kind === "list" ? value.items.filter((item) => item.kind === "mapping") : [];
    if (value.kind !== "list" || maps.length < value.items.length)
      return refuse(at, "<< takes a mapping, or a list of mappings");
    return maps.map((map) => copied(map.entries, at));
  }

  /** Counted as they are made: the mapping that is above them all is too late. */
  function copied(entries: ReadonlyMap<string, LocatedEntry>, at: Position): Map<string, LocatedEntry> {
    mergedSoFar += entries.size;
    if (mergedSoFar > MAX_VALUES) refuse(at, `<< brings in more than ${MAX_VALUES} values`);
    return new Map(entries);
  }

  function counted(located: Located, parts: readonly Built[], at: Position): Built {
    const count = parts.reduce((sum, part) => sum + part.count, 1);
    if (count > MAX_VALUES) refuse(at, `more than ${MAX_VALUES} values, with what aliases stand for`);
    return { located, count };
  }

  function checkTag(tag: string | undefined, right: string, at: Position): void {
    if (tag !== undefined && tag !== right) refuseTag(tag, at);
  }

  function refuseTag(tag: string, at: Position): never {
    const name = tag.startsWith(YAML_TAG) ? tag.slice(YAML_TAG.length) : "";
    // Whoever begins a password with ! means no tag.
    if (!TAGS.includes(name))
      return refuse(at, "a tag (!) that nobody knows", "put text that begins with ! in quotes");
    return refuse(at, `the tag "!!${name}" doesn't fit here`, "remove the tag");
  }

  /** YAML has it as one text: "- echo a" and, further right below it, "- echo b". */
  function warnOfDash({ range }: Scalar): void {
    const written = range ? syntax.text.slice(range[0], range[1]) : "";
    const line = /\n[ \t]*- /.exec(written);
    if (line === null || !range) return;
    warnings.push({
      severity: "warning",
      ...syntax.placeOf(range[0] + line.index + line[0].length - 2),
      path: "",
      message: "this line goes on with the text above: it is no item of its own",
      hint: "items of one list stand in one column: indent it as the item above",
    });
  }

  function warnOfTwice(key: string, at: Position, earlier: Position): void {
    warnings.push({
      severity: "warning",
      ...at,
      path: "",
      message: `the key ${quoted(key)} is there twice, first on line ${earlier.line}; the last counts`,
      hint: "remove one, or join them",
    });
  }

  function placeOf(node: unknown): Position | undefined {
    const range = (node as Node | null | undefined)?.range;
    return range ? syntax.placeOf(range[0]) : undefined;
  }
}

/** Only the plain word, as PyYAML has it. */
function isMergeKey({ key }: Pair): boolean {
  return isScalar(key) && key.type === "PLAIN" && key.tag === undefined && key.value === "<<";
}

function refuse(at: Position, message: string, hint?: string): never {
  throw new Refused({ severity: "error", ...at, path: "", message, ...(hint !== undefined && { hint }) });
}
