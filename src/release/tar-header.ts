// The headers of a bundle's tar. Only what a bundle needs is read (POSIX ustar, plain files); all else is refused, so that what
// comes from elsewhere leads nowhere. Pure.
import type { MemberSize } from "./bundle.ts";

export const TAR_BLOCK_BYTES = 512;

const TYPE = 156;
const CHECKSUM = { start: 148, end: 156 } as const;

export type TarHeader = MemberSize | { readonly refusal: string } | "end";

/** Reads the 512 bytes in front of a file; a block of zeros is the archive's end. */
export function parseTarHeader(block: Uint8Array): TarHeader {
  if (block.length !== TAR_BLOCK_BYTES) return { refusal: "it ends early" };
  if (block.every((byte) => byte === 0)) return "end";
  if (textAt(block, 257, 262) !== "ustar" || numberAt(block, CHECKSUM.start, CHECKSUM.end) !== sumOf(block))
    return { refusal: "it is no tar archive, or damaged" };
  const name = textAt(block, 0, 100);
  const type = block[TYPE] ?? 0;
  const size = numberAt(block, 124, 136);
  // "0", or 0 as in old archives.
  if ((type !== 0x30 && type !== 0) || textAt(block, 345, 500) !== "")
    return { refusal: `"${name}" in it is no plain file` };
  if (size === undefined) return { refusal: `"${name}" in it has no size that can be read` };
  return { name, size };
}

/** Bytes of a file with what fills its last block up. */
export function tarSpace(size: number): number {
  return Math.ceil(size / TAR_BLOCK_BYTES) * TAR_BLOCK_BYTES;
}

/** The field's text, up to its zero. Only printable ASCII: what is in it may be shown. */
function textAt(block: Uint8Array, start: number, end: number): string {
  const field = [...block.slice(start, end)];
  const length = field.indexOf(0);
  const text = String.fromCharCode(...(length < 0 ? field : field.slice(0, length)));
  return text.replace(/[^ -~]/g, "?");
}

/** A field of octal digits. */
function numberAt(block: Uint8Array, start: number, end: number): number | undefined {
  const digits = /^ *([0-7]+) *$/.exec(textAt(block, start, end))?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 8);
}

/** As if the sum's own field had spaces in it. */
function sumOf(block: Uint8Array): number {
  return block.reduce(
    (sum, byte, index) => sum + (index >= CHECKSUM.start && index < CHECKSUM.end ? 0x20 : byte),
    0,
  );
}
