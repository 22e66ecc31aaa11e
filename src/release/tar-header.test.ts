import { pack } from "tar-stream";
import { expect, test } from "vitest";
import { parseTarHeader, tarSpace } from "./tar-header.ts";

type Changes = Parameters<ReturnType<typeof pack>["entry"]>[0];

async function header(changes: Partial<Changes> = {}): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: "vmlinuz", size: 0, ...changes }, "");
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).subarray(0, 512);
}

/** With a field of other bytes, and the sum that goes with them. */
function edited(block: Buffer, offset: number, text: string): Buffer {
  const copy = Buffer.from(block);
  copy.write(text, offset, "latin1");
  copy.write("        ", 148);
  const sum = copy.reduce((all, byte) => all + byte, 0);
  copy.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return copy;
}

test("a file's name and size, and the end", async () => {
  expect(parseTarHeader(edited(await header(), 124, "00000001750\0"))).toEqual({
    name: "vmlinuz",
    size: 1000,
  });
  expect(parseTarHeader(new Uint8Array(512))).toBe("end");
  expect([0, 1, 512, 513].map(tarSpace)).toEqual([0, 512, 512, 1024]);
});

test.for<[string, (block: Buffer) => Uint8Array, string]>([
  ["half a header", (block) => block.subarray(0, 300), "it ends early"],
  ["a flipped bit", (block) => block.fill((block[3] ?? 0) ^ 1, 3, 4), "damaged"],
  ["something else", () => Buffer.alloc(512, "x"), "no tar archive"],
  ["a size beyond octal digits", (block) => edited(block, 124, "\x80\0\0\0"), "no size"],
  ["a negative size", (block) => edited(block, 124, "-0000000001\0"), "no size"],
  ["a symlink", (block) => edited(block, 156, "2"), '"vmlinuz" in it is no plain file'],
  ["a long name's parts", (block) => edited(block, 345, "../.."), "no plain file"],
  ["a header of pax", (block) => edited(block, 156, "x"), "no plain file"],
  ["a name that clears the screen", (block) => edited(edited(block, 0, "\x1b[2J"), 156, "2"), '"?[2J'],
])("refused: %s", async ([, change, refusal]) => {
  expect(parseTarHeader(change(await header()))).toEqual({ refusal: expect.stringContaining(refusal) });
});
