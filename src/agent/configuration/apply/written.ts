// write_files. What lasts is written once in the life of an instance; what lies in memory at each boot, since it was lost.
import type { Action, Content } from "../../cloud-init/actions.ts";
import { MAX_FILE_BYTES } from "../../cloud-init/source.ts";
import { isHostFailure } from "../../expected.ts";
import type { Bytes, Host, WriteOptions } from "../../host.ts";
import { doOnce, type InstanceNotes } from "./instance.ts";
import { storageOnDevice } from "./links.ts";
import { parseOwner } from "./owner.ts";

type WriteFile = Extract<Action, { do: "write-file" }>;

export function writeFile(
  host: Host,
  action: WriteFile,
  notes: InstanceNotes,
  nth: number,
): readonly string[] {
  const storage = storageOnDevice(host, action.path, action.append);
  if (storage.is === "refused") return [`write_files: ${action.path}: ${storage.reason}`];
  const owner = parseOwner(host, action.owner);
  if (typeof owner === "string") return [`write_files: ${action.path}: ${owner}`];
  const content = bytesOf(host, action.content);
  const options = { mode: action.mode, ...owner };

  // The same file may stand in the list several times.
  const key = `write_files ${action.path} ${nth}`;
  const isEachBoot = action.frequency === "each-boot" || storage.is === "passing";
  if (action.append && !isEachBoot)
    doOnce(notes, key, () => addOnce(host, action.path, content, options, notes, key));
  else if (action.append) host.appendFile(action.path, content, options);
  else if (isEachBoot) host.writeFile(action.path, content, options);
  else doOnce(notes, key, () => host.writeFile(action.path, content, options));
  return [];
}

/** Adds to a file so that a power cut neither tears it nor has it added twice. */
function addOnce(
  host: Host,
  path: string,
  content: Bytes,
  options: WriteOptions,
  notes: InstanceNotes,
  key: string,
): void {
  const before = readBytes(host, path);
  const intent = notes.intent();
  if (intent?.key === key && intent.sha256 === host.sha256(before)) return;
  const after = new Uint8Array(before.length + content.length);
  after.set(before);
  after.set(content, before.length);
  notes.intend({ key, sha256: host.sha256(after) });
  host.writeFile(path, after, options);
}

function readBytes(host: Host, path: string): Bytes {
  try {
    return host.readBytes(path, MAX_FILE_BYTES);
  } catch (error) {
    if (isHostFailure(error, "ENOENT")) return new Uint8Array();
    throw error;
  }
}

function bytesOf(host: Host, content: Content): Bytes {
  if (content.encoding === "text") return host.encodeUtf8(content.text);
  const bytes = host.decodeBase64(content.text);
  return content.isGzip ? host.decompress(bytes, "gzip", MAX_FILE_BYTES) : bytes;
}
