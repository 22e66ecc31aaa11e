// Where a release comes from: a bundle, a folder with the same files, or one with channels; here, on a stick, or on a server.
// Everything streams; only its beginning is kept for a moment.

import { MANIFEST_FILE, SIGNATURE_FILE, SIGNATURE_MAX_BYTES } from "../../../release/bundle.ts";
import { bundleOffsets, HEAD_MAX_BYTES, readBundleHead } from "../../../release/bundle-head.ts";
import { releaseFile } from "../../../release/channel.ts";
import {
  MANIFEST_MAX_BYTES,
  type ReleaseManifest,
  type SlotFile,
} from "../../../release/release-manifest.ts";
import { isHostFailure } from "../../expected.ts";
import type { Bytes, Host, StreamSource } from "../../host.ts";
import { places } from "../../places.ts";
import { UpdateFailure } from "../failure.ts";
import { askChannel, type Wanted } from "./channel.ts";
import { fetchKeys } from "./keys.ts";
import { readSignedManifest } from "./signature.ts";

/** A release whose signature holds. */
export interface Release {
  readonly manifest: ReleaseManifest;
  /** release.json as it was signed. */
  readonly signed: Bytes;
  readonly signature: string;
  /** Where it comes from, for people. */
  readonly origin: string;
  /** Where a file's bytes are. */
  readonly piece: (name: SlotFile) => { readonly source: StreamSource; readonly offsetBytes: number };
}

/** Without a byte. */
const IDLE_MS = 60_000;

/** There is nothing to install; a line that says so. */
export interface UpToDate {
  readonly upToDate: string;
}

export function isUrl(where: string): boolean {
  return /^https?:\/\//.test(where);
}

/** Opens what a person or the configuration named: a file or folder, or a URL; of a folder when it ends with "/". */
export function openSource(host: Host, where: string, wanted: Wanted): Release | UpToDate {
  const isFolder = where.endsWith("/") || (!isUrl(where) && host.stat(where)?.kind === "directory");
  if (!isFolder) return openBundle(host, where);
  const folder = where.replace(/\/$/, "");
  const read = (file: string, maxBytes: number) => readIfOffered(host, `${folder}/${file}`, maxBytes);
  fetchKeys(host, (file) => read(file, MANIFEST_MAX_BYTES));
  const found = askChannel(host, folder, read, wanted);
  if (found === undefined) return openFolder(host, folder);
  if ("upToDate" in found) return found;
  const bundle = `${folder}/${releaseFile(found.manifest_sha256)}`;
  const release = openBundle(host, bundle);
  if (host.sha256(release.signed) !== found.manifest_sha256)
    throw new UpdateFailure(`${bundle} holds another release than its channel says`);
  return release;
}

function openFolder(host: Host, folder: string): Release {
  const signed = readSmall(host, `${folder}/${MANIFEST_FILE}`, MANIFEST_MAX_BYTES);
  const signature = host.decodeUtf8(readSmall(host, `${folder}/${SIGNATURE_FILE}`, SIGNATURE_MAX_BYTES));
  const manifest = readSignedManifest(host, signed, signature);
  const piece = (name: SlotFile) => ({ source: sourceOf(`${folder}/${name}`), offsetBytes: 0 });
  return { manifest, signed, signature, origin: folder, piece };
}

function openBundle(host: Host, where: string): Release {
  const head = readBundleHead(readHead(host, where));
  if ("refusal" in head) throw new UpdateFailure(`${where}: ${head.refusal}`);
  const signature = host.decodeUtf8(head.signature);
  const manifest = readSignedManifest(host, head.manifest, signature);
  const offsets = bundleOffsets(manifest, head.endBytes);
  const source = sourceOf(where);
  const piece = (name: SlotFile) => ({ source, offsetBytes: offsets.get(name) ?? 0 });
  return { manifest, signed: head.manifest, signature, origin: where, piece };
}

function readHead(host: Host, where: string): Bytes {
  host.remove(places.updateHead);
  try {
    host.copyPiece(sourceOf(where), places.updateHead, { offsetBytes: 0, sizeBytes: HEAD_MAX_BYTES });
  } catch (error) {
    // A bundle may be smaller than its beginning can be.
    if (!isHostFailure(error, "ENODATA")) throw error;
  }
  try {
    return host.readBytes(places.updateHead, HEAD_MAX_BYTES);
  } finally {
    host.remove(places.updateHead);
  }
}

function readSmall(host: Host, where: string, maxBytes: number): Bytes {
  const content = readIfOffered(host, where, maxBytes);
  if (content === undefined) throw new UpdateFailure(`there is no ${where}`);
  return content;
}

/** Undefined when there is no such file. */
function readIfOffered(host: Host, where: string, maxBytes: number): Bytes | undefined {
  if (isUrl(where)) {
    const { status, body } = host.fetch({ url: where, timeoutMs: IDLE_MS }, maxBytes);
    if (status === 404 || status === 410) return undefined;
    if (status !== 200) throw new UpdateFailure(`${where}: the server answers ${status}`);
    return body;
  }
  try {
    return host.readBytes(where, maxBytes);
  } catch (error) {
    if (isHostFailure(error, "ENOENT") || isHostFailure(error, "ENOTDIR")) return undefined;
    throw error;
  }
}

function sourceOf(where: string): StreamSource {
  return isUrl(where) ? { request: { url: where, timeoutMs: IDLE_MS } } : { path: where };
}
