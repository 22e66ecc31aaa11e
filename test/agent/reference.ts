// The reference of a node's configuration as Markdown tables, from the JSON Schema. Pure.
import type { JsonSchema } from "./json-schema.ts";

interface Row {
  readonly key: string;
  readonly schema: JsonSchema;
}

/** They take what an item of users does. */
const REPEATED = /^(?:user|system_info\.default_user|ca-certs)\./;

export function referenceTables(schema: JsonSchema): string {
  const rows = rowsOf(schema, "").filter(({ key }) => !REPEATED.test(key));
  const used = rows.filter(({ schema: each }) => each.ignored === undefined && each.refused === undefined);
  const top = used.filter(({ key }) => !key.startsWith("kubesolo."));
  const ours = used.filter(({ key }) => key.startsWith("kubesolo.") && !key.startsWith("kubesolo.config."));
  const refused = rows.filter(({ schema: each }) => each.refused !== undefined);
  const ignored = rows.filter(({ schema: each }) => each.ignored !== undefined);
  return [
    "## Keys of cloud-init\n",
    table(["key", "takes", "meaning"], top.map(usedRow)),
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
      ignored.map(({ key, schema: each }) => [code(key), each.ignored ?? ""]),
    ),
  ].join("\n");
}

/** Keys without any words on them. */
export function unexplained(schema: JsonSchema): string[] {
  return rowsOf(schema, "")
    .filter(({ key }) => !key.startsWith("kubesolo.config."))
    .filter(
      ({ schema: { description, ignored, refused } }) => (description ?? ignored ?? refused) === undefined,
    )
    .map(({ key }) => key);
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
  const all = [...rows, ...ofItems, ...ofNames, ...ofOthers];
  return all.filter((row, index) => all.findIndex(({ key }) => key === row.key) === index);
}

function usedRow({ key, schema }: Row): string[] {
  return [code(key), takes(schema), schema.description ?? ""];
}

/** What may stand there, in a word or a few. */
function takes(schema: JsonSchema): string {
  if (schema.const !== undefined) return code(String(schema.const));
  if (schema.enum !== undefined) return schema.enum.map((each) => code(String(each))).join(", ");
  if (schema.anyOf !== undefined) {
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
