import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hostFile, makeTree, textFile } from "../../tree/tree.ts";
import { diskLayout } from "../outputs/disk.ts";
import { checkSlotSize } from "./slot-size.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "slot-size-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function slotOf(sizeMib: number) {
  const root = join(folder, "root.squashfs");
  writeFileSync(root, "");
  truncateSync(root, sizeMib * 2 ** 20);
  return makeTree([hostFile("root.squashfs", root), textFile("boot.cfg", "")]);
}

test("what a slot has room for is let through", () => {
  expect(() => checkSlotSize(slotOf(490), diskLayout)).not.toThrow();
});

test("what doesn't fit is refused with both sizes", () => {
  expect(() => checkSlotSize(slotOf(500), diskLayout)).toThrow(
    "the system takes 500 MiB, and a slot has room for 496 MiB",
  );
});
