// YAML's !!binary: content of a file, in base64. Elsewhere cloud-init has no use for bytes. Pure.
import type { Located, LocatedEntry } from "./located.ts";
import { error, type Finding, type Path } from "./problems.ts";

/** With the encoding that says the same. */
export function withEncodings(root: Located): Located {
  if (root.kind !== "mapping") return root;
  const files = root.entries.get("write_files");
  if (files?.value.kind !== "list" || !files.value.items.some(isBinaryFile)) return root;
  const value: Located = { ...files.value, items: files.value.items.map(withEncoding) };
  return { ...root, entries: new Map([...root.entries, ["write_files", { ...files, value }]]) };
}

function contentOf(file: Located): LocatedEntry | undefined {
  return file.kind === "mapping" ? file.entries.get("content") : undefined;
}

function isBinaryFile(file: Located): boolean {
  const content = contentOf(file)?.value;
  return content?.kind === "scalar" && content.isBinary === true;
}

/** A file may say besides that what is in the bytes is packed. */
function withEncoding(file: Located): Located {
  const content = contentOf(file);
  if (file.kind !== "mapping" || content?.value.kind !== "scalar" || !isBinaryFile(file)) return file;
  const said = file.entries.get("encoding")?.value;
  const isPacked = said?.kind === "scalar" && /^gz(ip)?$/i.test(String(said.value).trim());
  const { at } = content;
  const encoding: Located = { kind: "scalar", value: isPacked ? "gz+b64" : "b64", source: "", at };
  const { isBinary: _isBinary, ...plain } = content.value;
  const entries = new Map(file.entries)
    .set("encoding", { at, value: encoding })
    .set("content", { at, value: plain });
  return { ...file, entries };
}

export function misplacedBytes(root: Located, path: Path = []): Finding[] {
  if (root.kind === "scalar")
    return root.isBinary
      ? [error(path, 'the tag "!!binary" doesn\'t fit here', "it is for content of write_files")]
      : [];
  if (root.kind === "list")
    return root.items.flatMap((item, index) => misplacedBytes(item, [...path, index]));
  return [...root.entries].flatMap(([key, { value }]) => misplacedBytes(value, [...path, key]));
}
