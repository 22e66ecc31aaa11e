// The reference of a node's configuration as Markdown tables, from the JSON Schema. Pure.
import type { JsonSchema } from "./json-schema.ts";

interface Row {
  readonly key: string;
  readonly schema: JsonSchema;
}

/** They take what an item of users does. */
const REPEATED = /^(?:user|system_info\.default_user|ca-certs)\./;
/** Other links take what cards do. */
const OF_LINKS = /^network\.(?:vlans|bonds|bridges)\.NAME\./;

/** Files of others, whose keys have a reference of their own. */
const THEIRS = /^kubesolo\.(?:config|access\.authentication_config)\./;

export function referenceTables(schema: JsonSchema): string {
  const { general, version1, version2 } = allRows(schema);
  const rows = [...general, ...version2, ...version1];
  const used = general.filter(isUsed);
  const top = used.filter(({ key }) => !key.startsWith("kubesolo."));
  const ours = used.filter(({ key }) => key.startsWith("kubesolo.") && !THEIRS.test(key));
  const refused = rows.filter(({ schema: each }) => each.refused !== undefined);
  const ignored = rows.filter(({ schema: each }) => each.ignored !== undefined);
  return [
    "## Keys of cloud-init\n",
    table(["key", "takes", "meaning"], top.map(usedRow)),
    "\n## Keys of network, version 2\n",
    "VLANs, bonds and bridges take what cards do, but for `match`, `set-name` and `wakeonlan`; their names are the links'.",
    "Times of a bond are milliseconds, or as in `1s`; a word of its parameters can be its number, too.\n",
    table(["key", "takes", "meaning"], version2.filter(isUsed).map(usedRow)),
    "\n## Keys of network, version 1\n",
    "Which keys an entry has depends on its `type`. Parameters can be written as `bond_mode` or `mode`, too.\n",
    table(["key", "takes", "meaning"], version1.filter(isUsed).map(usedRow)),
    "\n## Keys of this system\n",
    table(["key", "takes", "meaning"], ours.map(usedRow)),
    "\n## Keys that are refused\n",
    "A file that has one of them isn't used at all.\n",
    table(
      ["key", "why", "what to do"],
      refused.map(({ key, schema: each }) => [code(key), each.refused ?? "", each.hint ?? ""]),
    ),
    "\n## Keys that have no effect\n",
    "They are warned of; the rest of the file is used.\n",
    table(
      ["key", "why"],
      ignored.map(({ key, schema: each }) => [code(key), whyIgnored(each)]),
    ),
  ].join("\n");
}

/** Keys without any words on them. */
export function unexplained(schema: JsonSchema): string[] {
  return Object.values(allRows(schema))
    .flat()
    .filter(({ key }) => !THEIRS.test(key))
    .filter(
      ({ schema: { description, ignored, refused } }) => (description ?? ignored ?? refused) === undefined,
    )
    .map(({ key }) => key);
}

function allRows(schema: JsonSchema): Readonly<Record<"general" | "version1" | "version2", Row[]>> {
  const of = (version: number) => {
    const found = schema.$defs?.["network"]?.anyOf?.find(({ properties }) =>
      properties?.["version"]?.enum?.includes(version),
    );
    return found === undefined ? [] : rowsOf(found, "network");
  };
  const version2 = of(2);
  const keys = version2.map(({ key }) => key);
  const isRepeated = (key: string) =>
    OF_LINKS.test(key) && keys.includes(key.replace(OF_LINKS, "network.ethernets.NAME."));
  return {
    general: rowsOf(schema, "").filter(({ key }) => !REPEATED.test(key)),
    version2: version2.filter(({ key }) => !isRepeated(key)),
    // A mapping of parameters may be a list of such.
    version1: of(1).map(({ key, ...rest }) => ({ ...rest, key: key.replace("params[]", "params") })),
  };
}

function rowsOf(schema: JsonSchema, path: string): Row[] {
  const rows = Object.entries(schema.properties ?? {}).flatMap(([name, each]) => {
    const key = path === "" ? name : `${path}.${name}`;
    return [{ key, schema: each }, ...rowsOf(each, key)];
  });
  const ofItems = schema.items === undefined ? [] : rowsOf(schema.items, `${path}[]`);
  const ofNames =
    schema.additionalProperties === undefined ? [] : rowsOf(schema.additionalProperties, `${path}.NAME`);
  const lists = (schema.anyOf ?? []).filter(({ items }) => items !== undefined);
  // Where there is a list, what stands there alone is one of its items.
  const ofOthers = (lists.length > 0 ? lists : (schema.anyOf ?? [])).flatMap((each) => rowsOf(each, path));
  return joined([...rows, ...ofItems, ...ofNames, ...ofOthers]);
}

/** One row a key: of alternatives that a word tells apart, all words. */
function joined(rows: readonly Row[]): Row[] {
  const firsts = rows.filter((row, index) => rows.findIndex(({ key }) => key === row.key) === index);
  return firsts.map(({ key, schema }) => {
    const { const: word, ...rest } = schema;
    const words = rows.flatMap((row) =>
      row.key === key && row.schema.refused === undefined ? (row.schema.const ?? []) : [],
    );
    return words.length < 2 ? { key, schema } : { key, schema: { ...rest, enum: words } };
  });
}

function isUsed({ schema: { ignored, refused } }: Row): boolean {
  return ignored === undefined && refused === undefined;
}

function whyIgnored({ ignored = "", unless }: JsonSchema): string {
  return unless === undefined ? ignored : `${ignored} (${code(String(unless))} is fine)`;
}

function usedRow({ key, schema }: Row): string[] {
  return [code(key), takes(schema), schema.description ?? ""];
}

/** What may stand there, in a word or a few. */
function takes(schema: JsonSchema): string {
  if (schema.const !== undefined) return code(String(schema.const));
  if (schema.enum !== undefined) return unique(schema.enum.map((each) => code(String(each)))).join(", ");
  if (schema.anyOf !== undefined) {
    const plain = withoutSpellings(schema.anyOf);
    if (plain.length < schema.anyOf.length) return takes({ ...schema, anyOf: plain });
    const items = schema.anyOf.flatMap(({ items: each }) =>
      each === undefined ? [] : takes(each).split(" or "),
    );
    return unique(schema.anyOf.map(takes).filter((words) => !items.includes(words))).join(" or ");
  }
  const types = [schema.type ?? []].flat().filter((type) => type !== "null");
  if (types.join() === "boolean,string,number") return "yes or no";
  return unique(types.map((type) => (type === "array" ? listOf(schema) : (WORDS[type] ?? type)))).join(
    " or ",
  );
}

/** Text of a form beside numbers or yes and no is another way to write them. */
function withoutSpellings(options: readonly JsonSchema[]): readonly JsonSchema[] {
  const isValue = options.some(({ type }) => ["boolean", "integer", "number"].includes(String(type)));
  return options.filter(({ type, pattern }) => !(isValue && type === "string" && pattern !== undefined));
}

const WORDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "number",
  integer: "number",
  boolean: "yes or no",
  object: "mapping",
};

function listOf({ items }: JsonSchema): string {
  const item = items === undefined ? "" : takes(items);
  return item === "" ? "list" : `list of ${item}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replace(/\|/g, "\\|")).join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

function code(text: string): string {
  return `\`${text}\``;
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts.filter((text) => text !== ""))];
}
