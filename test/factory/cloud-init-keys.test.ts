// Every key in cloud-init's own schema, as Debian has it, works here, is refused, or is warned of with a reason: it is never one
// that the agent has not heard of.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { expect, test } from "vitest";
import { checkKeys } from "../../src/agent/cloud-init/keys.ts";
import { plainValue } from "../../src/agent/cloud-init/located.ts";
import { parseYaml } from "../../src/agent/cloud-init/parse.ts";
import { nodeConfig } from "../../src/agent/cloud-init/schema/schema.ts";
import { withUnderscores } from "../../src/agent/cloud-init/user-keys.ts";
import { prepareGroup } from "../../src/image/debian/packages.ts";

const SCHEMA = "usr/lib/python3/dist-packages/cloudinit/config/schemas/schema-cloud-config-v1.json";
/** Of a list's item, and of a name that people choose. */
const ITEM = "[]";
const ANY = "*";
const MAX_DEPTH = 8;

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema | readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}
const Root = v.looseObject({
  $defs: v.record(
    v.string(),
    v.custom<Schema>((value) => typeof value === "object"),
  ),
});

test("no key of cloud-init's is unknown", async () => {
  const text = readFileSync(join(await prepareGroup("cloud-init"), SCHEMA), "utf8");
  const paths = pathsOf(v.parse(Root, JSON.parse(text)));
  expect(paths.length).toBeGreaterThan(500);
  const unknown = paths.filter((path) =>
    checkKeys(nodeConfig(), asRead(valueAt(path))).some(({ message }) => message.startsWith("unknown key")),
  );
  expect(unknown.map((path) => path.join("."))).toEqual([]);
});

function pathsOf(root: v.InferOutput<typeof Root> & Schema): string[][] {
  const found = new Map<string, string[]>();
  const visit = (schema: Schema, path: readonly string[], depth: number): void => {
    if (depth > MAX_DEPTH) return;
    const name = schema.$ref?.split("/").at(-1) ?? "";
    const below = (each: Schema, ...more: string[]) => visit(each, [...path, ...more], depth + 1);
    if (schema.$ref !== undefined) below(root.$defs[name] ?? {});
    for (const each of [schema.allOf, schema.anyOf, schema.oneOf].flatMap((list) => list ?? [])) below(each);
    for (const [key, each] of Object.entries(schema.properties ?? {})) {
      found.set([...path, key].join("."), [...path, key]);
      below(each, key);
    }
    for (const each of Object.values(schema.patternProperties ?? {})) below(each, ANY);
    if (typeof schema.additionalProperties === "object") below(schema.additionalProperties, ANY);
    for (const each of [schema.items ?? []].flat()) below(each, ITEM);
  };
  visit(root, [], 0);
  return [...found.values()];
}

/** As the agent has it before it looks at keys. */
function asRead(value: unknown): unknown {
  const { root } = parseYaml({ file: "user-data", text: JSON.stringify(value) });
  return root && plainValue(withUnderscores(root));
}

/** The least that has this key. */
function valueAt(path: readonly string[]): unknown {
  return path.reduceRight<unknown>((below, part) => (part === ITEM ? [below] : { [part]: below }), {});
}
