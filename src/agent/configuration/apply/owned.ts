// Makes the agent's files what a configuration asks for. The list of them is written before the files are, with the old
// ones still in it: whatever a power cut leaves is found and made good by the next boot.
import * as v from "valibot";
import { readOwnText } from "../../expected.ts";
import type { Host } from "../../host.ts";
import { readJson } from "../../json.ts";
import { places } from "../../places.ts";
import type { OwnedFile } from "./settings.ts";

const Owned = v.array(v.string());
const MAX_LIST_BYTES = 256 * 1024;
/** The authorities of the system alone take a quarter of it. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** `others` are paths that belong to the agent without being files of text, such as a swap file: they are kept. */
export function replaceOwned(host: Host, files: readonly OwnedFile[], others: readonly string[]): void {
  const before = readOwned(host);
  const wanted = [...files.filter(({ stays }) => !stays).map(({ path }) => path), ...others].sort();
  const stale = before.filter((path) => !wanted.includes(path));
  writeOwned(host, before, [...new Set([...wanted, ...stale])].sort());
  for (const file of files) replace(host, file);
  for (const path of stale) host.remove(path);
  if (stale.length > 0) writeOwned(host, undefined, wanted);
}

function replace(host: Host, { path, content, mode }: OwnedFile): void {
  const isSame = readOwnText(host, path, MAX_FILE_BYTES) === content && host.stat(path)?.mode === mode;
  if (!isSame) host.writeFile(path, content, { mode });
}

/** A list that can't be read is as none: its files stay until a configuration names them again. */
function readOwned(host: Host): string[] {
  return readJson(host, places.owned, MAX_LIST_BYTES, Owned) ?? [];
}

function writeOwned(host: Host, before: readonly string[] | undefined, now: readonly string[]): void {
  if (before !== undefined && JSON.stringify(before) === JSON.stringify(now)) return;
  host.writeFile(places.owned, JSON.stringify(now), { mode: 0o600 });
}
