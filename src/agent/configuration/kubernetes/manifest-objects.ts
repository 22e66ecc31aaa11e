// Which objects a manifest is about. Pure. The same in the factory, which refuses to bake a bad one in.
import * as v from "valibot";
import { parseAllDocuments } from "yaml";
import { once } from "../../once.ts";

/** What tells one object from all others. */
export interface ManifestObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

export interface ParsedManifest {
  readonly objects: readonly ManifestObject[];
  /** When there are any, nothing of it is to be applied. */
  readonly problems: readonly string[];
}

const word = once(() => v.pipe(v.string(), v.minLength(1)));
const objectSchema = once(() =>
  v.object({
    apiVersion: word(),
    kind: word(),
    metadata: v.object({ name: word(), namespace: v.optional(word()) }),
  }),
);
const listSchema = once(() =>
  v.object({ kind: v.pipe(v.string(), v.endsWith("List")), items: v.array(v.unknown()) }),
);

export function parseManifest(yaml: string): ParsedManifest {
  const found: (ManifestObject | string)[] = [];
  try {
    const documents = parseAllDocuments(yaml, { logLevel: "silent" });
    for (const document of "empty" in documents ? [] : documents) {
      const [error] = document.errors;
      if (error !== undefined) found.push(firstLine(error.message));
      else found.push(...objectsOf(document.toJS({ maxAliasCount: 100 }), found.length));
    }
  } catch (error) {
    // The library throws at aliases that would fill the memory.
    found.push(firstLine(error instanceof Error ? error.message : String(error)));
  }
  const objects = found.filter((each) => typeof each !== "string");
  const problems = found.filter((each) => typeof each === "string");
  if (found.length === 0) problems.push("there is no object in it");
  return { objects, problems: [...problems, ...repeated(objects)] };
}

/** The same object whatever its version: `apps/v1beta1` became `apps/v1`. */
export function identityOf({ apiVersion, kind, namespace, name }: ManifestObject): string {
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  return [group, kind, namespace ?? "default", name].join(" ");
}

/** For people: "Deployment shop/web". */
export function titleOf({ kind, namespace, name }: ManifestObject): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

function objectsOf(value: unknown, before: number): (ManifestObject | string)[] {
  // Between two "---" there may be nothing but a comment.
  if (value === null || value === undefined) return [];
  if (v.is(listSchema(), value)) return value.items.flatMap((item, index) => objectsOf(item, before + index));
  const parsed = v.safeParse(objectSchema(), value);
  if (parsed.success) {
    const { apiVersion, kind, metadata } = parsed.output;
    const { name, namespace } = metadata;
    return [{ apiVersion, kind, name, ...(namespace !== undefined && { namespace }) }];
  }
  const path = v.getDotPath(parsed.issues[0]);
  return [`object ${before + 1} ${path === null ? "is no mapping" : `has no ${path}`}`];
}

function repeated(objects: readonly ManifestObject[]): string[] {
  const identities = objects.map(identityOf);
  const again = objects.filter((_, index) => identities.indexOf(identities[index] ?? "") !== index);
  return again.map((object) => `${titleOf(object)} is in it twice`);
}

function firstLine(message: string): string {
  return message.split("\n")[0]?.replace(/:$/, "") ?? message;
}
