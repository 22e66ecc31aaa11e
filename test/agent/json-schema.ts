// The published JSON Schema, from the schema that the node itself uses. Pure.
import { toJsonSchema } from "@valibot/to-json-schema";
import { nodeConfig } from "../../src/agent/cloud-init/schema/schema.ts";

export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly additionalProperties?: JsonSchema;
  readonly required?: readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly deprecated?: boolean;
  /** Of keys that do nothing here: KeyNote of schema/kinds.ts. */
  readonly ignored?: string;
  readonly refused?: string;
  readonly hint?: string;
}

/** As valibot has it, with the reasons of keys that do nothing. */
export function rawSchema(): JsonSchema {
  // Checks of our own have no words in JSON Schema: it takes more than the node does.
  const raw = toJsonSchema(nodeConfig(), { typeMode: "input", errorMode: "ignore" });
  return flattened(JSON.parse(JSON.stringify(raw)));
}

/** As editors understand it. */
export function publishedSchema(): object {
  const { $schema, ...rest } = published(rawSchema()) as JsonSchema & { $schema: string };
  return { $schema, title: "Configuration of a KubeSolo OS node", ...rest };
}

function published(schema: JsonSchema): JsonSchema {
  const { ignored, refused, hint } = schema;
  if (refused !== undefined) {
    return {
      type: "null",
      deprecated: true,
      description: `Refused: ${refused}${hint === undefined ? "" : `; ${hint}`}.`,
    };
  }
  if (ignored !== undefined) return { deprecated: true, description: `No effect: ${ignored}.` };
  return children(schema, published);
}

/** One level for alternatives within alternatives, and one type for what is types only. */
function flattened(schema: JsonSchema): JsonSchema {
  const below = children(schema, flattened);
  if (below.anyOf === undefined) return below;
  const { anyOf, ...rest } = below;
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
  const { properties, items, anyOf, additionalProperties, required, ...rest } = schema;
  return {
    ...rest,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, each]) => [key, change(each)])),
    }),
    ...(required && required.length > 0 && { required }),
    ...(items && { items: change(items) }),
    ...(anyOf && { anyOf: anyOf.map(change) }),
    ...(additionalProperties && { additionalProperties: change(additionalProperties) }),
  };
}
