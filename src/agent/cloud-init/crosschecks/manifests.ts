// Whether a text is Kubernetes objects: its YAML, and a kind with an apiVersion and a name in each document. Pure.
import { type Located, locate } from "../located.ts";
import { parseDocuments } from "../yaml/documents.ts";

/** undefined: it is. */
export function manifestProblem(text: string): string | undefined {
  const documents = parseDocuments(text);
  if ("problem" in documents) {
    const { line, message } = documents.problem;
    return `line ${line ?? 1} of the content: ${message}`;
  }
  const objects = documents.roots.filter((root) => !(root.kind === "scalar" && root.value === null));
  if (objects.length === 0) return "there is no object in it";
  return objects.map(objectProblem).find((problem) => problem !== undefined);
}

function objectProblem(root: Located): string | undefined {
  const where = `line ${root.at.line} of the content`;
  if (root.kind !== "mapping") return `${where}: an object is a mapping of keys`;
  const missing = ["apiVersion", "kind"].find((key) => !isText(root, [key]));
  if (missing !== undefined) return `${where}: the object has no ${missing}`;
  const isList = locate(root, ["items"]).kind === "list";
  const hasName = isText(root, ["metadata", "name"]) || isList;
  return hasName ? undefined : `${where}: the object has no metadata.name`;
}

function isText(root: Located, path: readonly string[]): boolean {
  const found = locate(root, path);
  return found.kind === "scalar" && found.value !== null;
}
