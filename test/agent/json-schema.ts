// The published JSON Schema, from the schema that the node itself uses. Pure.
import { toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { network1 } from "../../src/agent/cloud-init/network/v1-schemas.ts";
import { network2 } from "../../src/agent/cloud-init/network/v2-schemas.ts";
import { mapping, maybe } from "../../src/agent/cloud-init/schema/kinds.ts";
import { nodeConfig } from "../../src/agent/cloud-init/schema/schema.ts";

export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  /** Of a variant. */
  readonly oneOf?: readonly JsonSchema[];
  readonly additionalProperties?: JsonSchema;
  readonly required?: readonly string[];
  readonly pattern?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly deprecated?: boolean;
  /** Of keys that do nothing here: schema/key-notes.ts. */
  readonly ignored?: string;
  readonly refused?: string;
  readonly unless?: string | boolean;
  readonly hint?: string;
}

const disabled = mapping({
  config: v.pipe(v.literal("disabled"), v.description("As without a network: DHCP on every wired link.")),
});
/** As good as none. */
const empty = v.pipe(v.record(v.string(), v.unknown()), v.maxEntries(0));
/** What the node reads by the version that it says. */
const network = v.union([network2(), network1(), disabled, empty]);
/** NoCloud's file of that name. */
const networkConfig = v.union([mapping({ network }), network]);

/** As valibot has it, with the reasons of keys that do nothing. */
export function rawSchema(): JsonSchema {
  // Checks of our own have no words in JSON Schema: it takes more than the node does.
  const { entries } = nodeConfig();
  const text = "Links, addresses and routes, as version 1 or 2; DHCP on every wired link when missing.";
  const config = mapping({ ...entries, network: v.pipe(maybe(network), v.description(text)) });
  const raw = toJsonSchema(config, {
    typeMode: "input",
    errorMode: "ignore",
    definitions: { network, "network-config": networkConfig },
  });
  return flattened(JSON.parse(JSON.stringify(raw)));
}

/** As editors understand it. */
export function publishedSchema(): object {
  const { $schema, ...rest } = published(rawSchema()) as JsonSchema & { $schema: string };
  return { $schema, title: "Configuration of a KubeSolo OS node", ...rest };
}

function published(schema: JsonSchema): JsonSchema {
  const { ignored, refused, unless, hint } = schema;
  if (refused !== undefined) {
    return {
      type: "null",
      deprecated: true,
      description: `Refused: ${refused}${hint === undefined ? "" : `; ${hint}`}.`,
    };
  }
  if (ignored !== undefined && unless !== undefined) {
    const { ignored: _ignored, unless: _unless, ...rest } = children(schema, published);
    return { ...rest, description: `${unless}, or it has no effect: ${ignored}.` };
  }
  if (ignored !== undefined) {
    const { const: word } = schema;
    return {
      ...(word !== undefined && { const: word }),
      deprecated: true,
      description: `No effect: ${ignored}.`,
    };
  }
  return children(schema, published);
}

/** One level for alternatives within alternatives, and one type for what is types only. */
function flattened(schema: JsonSchema): JsonSchema {
  const below = children(schema, flattened);
  const anyOf = below.anyOf ?? below.oneOf;
  if (anyOf === undefined) return below;
  const { anyOf: _anyOf, oneOf: _oneOf, ...rest } = below;
  const options = anyOf.flatMap((each) =>
    Object.keys(each).join() === "anyOf" ? (each.anyOf ?? []) : [each],
  );
  const unlike = options.filter(
    (each, index) => options.findIndex((other) => JSON.stringify(other) === JSON.stringify(each)) === index,
  );
  if (unlike.some((each) => Object.keys(each).length === 0)) return rest;
  const isTypes = unlike.every((each) => Object.keys(each).join() === "type");
  if (isTypes) return { ...rest, type: unlike.flatMap(({ type }) => type ?? []) };
  const [first, second] = unlike;
  if (
    unlike.length === 2 &&
    second?.type === "null" &&
    typeof first?.type === "string" &&
    first.enum === undefined
  ) {
    return { ...first, ...rest, type: [first.type, "null"] };
  }
  return { ...rest, anyOf: unlike };
}

function children(schema: JsonSchema, change: (schema: JsonSchema) => JsonSchema): JsonSchema {
  const { properties, items, anyOf, oneOf, additionalProperties, required, $defs, ...rest } = schema;
  return {
    ...rest,
    ...(properties && {
      properties: changed(properties, change),
    }),
    ...(required && required.length > 0 && { required }),
    ...(items && { items: change(items) }),
    ...(anyOf && { anyOf: anyOf.map(change) }),
    ...(oneOf && { oneOf: oneOf.map(change) }),
    ...(additionalProperties && { additionalProperties: change(additionalProperties) }),
    ...($defs && { $defs: changed($defs, change) }),
  };
}

function changed(
  schemas: Readonly<Record<string, JsonSchema>>,
  change: (schema: JsonSchema) => JsonSchema,
): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(schemas).map(([key, each]) => [key, change(each)]));
}
