// Ways to spoil a tar: its bytes, or what its headers say. Pure.
import type { Random } from "../../../lib/random.ts";
import { parseTarHeader, TAR_BLOCK_BYTES, tarSpace } from "../../../release/tar-header.ts";
import { replaced, spoilBytes } from "./bytes.ts";

type Bytes = Uint8Array;

/** A tar whose bytes are spoiled, or one of whose headers says something else and has the sum of that. */
export function spoilTar(random: Random, tar: Bytes): Bytes {
  if (random.number(3) === 0) return spoilBytes(random, tar);
  const headers = headersOf(tar);
  const at = random.pick(headers);
  const header = tar.slice(at, at + TAR_BLOCK_BYTES);
  const [start, size] = random.pick([
    [0, 100],
    [124, 12],
    [156, 1],
    [257, 6],
    [345, 155],
  ] as const);
  const text = random.pick([
    "vmlinuz",
    "release.json",
    "../x",
    "/etc",
    "7777777777",
    "0",
    "00000000012",
    "-1",
    "5",
    "\u0000",
  ]);
  for (let index = 0; index < Math.min(size, text.length + 1); index++)
    header[start + index] = text.charCodeAt(index) || 0;
  if (random.number(4) > 0) putSum(header);
  return replaced(tar, at, at + TAR_BLOCK_BYTES, header);
}

function headersOf(tar: Bytes): number[] {
  const found: number[] = [];
  for (let at = 0; at < tar.length; ) {
    const header = parseTarHeader(tar.slice(at, at + TAR_BLOCK_BYTES));
    if (header === "end" || "refusal" in header) break;
    found.push(at);
    at += TAR_BLOCK_BYTES + tarSpace(header.size);
  }
  return found.length === 0 ? [0] : found;
}

/** POSIX ustar: the sum of all bytes, with the sum's own field as spaces. */
export function putSum(header: Bytes): void {
  for (let index = 148; index < 156; index++) header[index] = 0x20;
  const sum = header.reduce((total, byte) => total + byte, 0);
  const digits = `${sum.toString(8).padStart(6, "0")}\u0000 `;
  for (let index = 0; index < 8; index++) header[148 + index] = digits.charCodeAt(index);
}
