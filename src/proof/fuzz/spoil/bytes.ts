// Ways to spoil bytes: some are changed, lost or another sector's. Pure: numbers come from a seed.
import type { Random } from "../../../lib/random.ts";
import { TAR_BLOCK_BYTES } from "../../../release/tar-header.ts";

type Bytes = Uint8Array;

const ODD_BYTES = [
  0, 1, 9, 10, 13, 0x20, 0x22, 0x23, 0x27, 0x2e, 0x2f, 0x30, 0x3d, 0x5c, 0x7f, 0x80, 0xc3, 0xff,
];

/** One to four edits of bytes. */
export function spoilBytes(random: Random, content: Bytes): Bytes {
  let bytes = content;
  for (let left = 1 + random.number(4); left > 0; left--) bytes = editBytes(random, bytes);
  return bytes;
}

function editBytes(random: Random, bytes: Bytes): Bytes {
  const at = random.number(bytes.length + 1);
  const end = Math.min(bytes.length, at + 1 + random.number(random.pick([1, 4, 64, 600])));
  switch (random.number(8)) {
    case 0:
    case 1:
      return replaced(bytes, at, at + 1, [(bytes[at] ?? 0) ^ (1 << random.number(8))]);
    case 2:
      return replaced(bytes, at, at + random.number(2), [random.pick(ODD_BYTES)]);
    case 3:
      return replaced(bytes, at, at + random.number(2), [random.number(256)]);
    case 4:
      return replaced(bytes, at, end, []);
    case 5:
      return replaced(bytes, at, at, bytes.subarray(at, end));
    case 6:
      return bytes.subarray(0, at);
    default: {
      // A sector that was lost, or is another one's.
      const sector = at - (at % TAR_BLOCK_BYTES);
      const from = random.number(2) === 0 ? undefined : random.number(bytes.length + 1);
      const size = Math.min(TAR_BLOCK_BYTES, bytes.length - sector);
      const with_ = from === undefined ? new Uint8Array(size) : bytes.subarray(from, from + size);
      return replaced(bytes, sector, sector + size, with_);
    }
  }
}

export function replaced(bytes: Bytes, start: number, end: number, by: ArrayLike<number>): Bytes {
  const tail = bytes.subarray(Math.min(end, bytes.length));
  const result = new Uint8Array(start + by.length + tail.length);
  result.set(bytes.subarray(0, start));
  result.set(by, start);
  result.set(tail, start + by.length);
  return result;
}
