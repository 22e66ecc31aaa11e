// Where things lie on the boot partition.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { makeSparseFile } from "../../src/disk/write.ts";
import { prepareTools } from "../../src/image/debian/packages.ts";
import { makeFat } from "../../src/image/filesystems.ts";
import { bootPartitionFiles } from "../../src/image/grub/config.ts";
import { makeTree } from "../../src/tree/tree.ts";
import { findStateCopiesIn } from "../../src/vm/state-copies.ts";
import { bootPartition } from "./small-disk.ts";

const folder = mkdtempSync(join(tmpdir(), "boot-partition-"));
const physicalSectorBytes = 4096;

afterAll(() => rmSync(folder, { recursive: true }));

test("no disk rewrites both copies of the boot's state at a time, however large its sectors are", async () => {
  const [image, efi] = [join(folder, "boot.img"), join(folder, "efi")];
  const { sizeBytes } = bootPartition;
  makeSparseFile(image, sizeBytes);
  writeFileSync(efi, "any");
  const place = { image, offsetBytes: 0, sizeBytes };
  const about = { label: "KSOLOEFI", bits: 32 } as const;
  await makeFat(makeTree(bootPartitionFiles(efi, 1)), place, about, await prepareTools());

  const places = findStateCopiesIn(readFileSync(image));
  const [first = Number.NaN, second = Number.NaN] = places;
  expect(places).toHaveLength(2);
  expect(second - first).toBeGreaterThanOrEqual(physicalSectorBytes);
});
