// The beginning of a bundle (POSIX ustar): release.json and its signature. Where the files behind it lie follows from release.json,
// so a device reads no other header; bundle.ts tells what a bundle is. Pure.
import { MANIFEST_FILE, SIGNATURE_FILE, SIGNATURE_MAX_BYTES } from "./bundle.ts";
import { MANIFEST_MAX_BYTES, type ReleaseManifest, type SlotFile, slotFiles } from "./release-manifest.ts";
import { parseTarHeader, TAR_BLOCK_BYTES, type TarHeader, tarSpace } from "./tar-header.ts";

/** So many bytes of a bundle have all that comes before the slot's files. */
export const HEAD_MAX_BYTES =
  tarSpace(MANIFEST_MAX_BYTES) + tarSpace(SIGNATURE_MAX_BYTES) + 2 * TAR_BLOCK_BYTES;

export interface BundleHead {
  readonly manifest: Uint8Array;
  readonly signature: Uint8Array;
  /** Where the first of the slot's files' headers begins. */
  readonly endBytes: number;
}

/** Reads the beginning of a bundle; a refusal says what is wrong with it. */
export function readBundleHead(bytes: Uint8Array): BundleHead | { readonly refusal: string } {
  const manifest = readMember(bytes, 0, MANIFEST_FILE, MANIFEST_MAX_BYTES);
  if ("refusal" in manifest) return manifest;
  const second = headerAt(bytes, manifest.endBytes);
  if (typeof second === "object" && "name" in second && second.name === slotFiles[0])
    return { refusal: "it isn't signed" };
  const signature = readMember(bytes, manifest.endBytes, SIGNATURE_FILE, SIGNATURE_MAX_BYTES);
  if ("refusal" in signature) return signature;
  return { manifest: manifest.content, signature: signature.content, endBytes: signature.endBytes };
}

/** Where each file's bytes begin in a bundle with that head. */
export function bundleOffsets(
  { files }: Pick<ReleaseManifest, "files">,
  headEndBytes: number,
): ReadonlyMap<SlotFile, number> {
  let next = headEndBytes;
  return new Map(
    files.map(({ name, size }) => {
      const begins = next + TAR_BLOCK_BYTES;
      next = begins + tarSpace(size);
      return [name, begins];
    }),
  );
}

function readMember(
  bytes: Uint8Array,
  offset: number,
  name: string,
  maxBytes: number,
): { readonly content: Uint8Array; readonly endBytes: number } | { readonly refusal: string } {
  const header = headerAt(bytes, offset);
  if (header === "end" || "refusal" in header || header.name !== name)
    return { refusal: `it is no bundle: no ${name} where it must be` };
  if (header.size > maxBytes) return { refusal: `it is no bundle: ${name} has more than ${maxBytes} bytes` };
  const begins = offset + TAR_BLOCK_BYTES;
  if (begins + header.size > bytes.length) return { refusal: `it ends within ${name}` };
  return { content: bytes.slice(begins, begins + header.size), endBytes: begins + tarSpace(header.size) };
}

function headerAt(bytes: Uint8Array, offset: number): TarHeader {
  return parseTarHeader(bytes.slice(offset, offset + TAR_BLOCK_BYTES));
}
