import { expect, test } from "vitest";
import { parseExtents } from "./boot-record.ts";

/** As filefrag of e2fsprogs 1.47.2 prints it for a file of the boot partition, mounted as vfat. */
const printed = (...rows: string[]) => `Filesystem type is: 4d44
File size of /x/grub/state-2/grubenv is 1024 (2 blocks of 512 bytes)
 ext:     logical_offset:        physical_offset: length:   expected: flags:
${rows.join("\n")}
/x/grub/state-2/grubenv: 1 extent found
`;

test.each<[string, string, number | undefined]>([
  [
    "one piece",
    printed("   0:        0..       1:       9759..      9760:      2:             merged,eof"),
    9759 * 512,
  ],
  [
    "two that follow each other",
    printed(
      "   0:        0..       0:       9759..      9759:      1:             merged",
      "   1:        1..       1:       9760..      9760:      1:             merged,eof",
    ),
    9759 * 512,
  ],
  [
    "two apart",
    printed(
      "   0:        0..       0:       9759..      9759:      1:             merged",
      "   1:        1..       1:       9770..      9770:      1:       9760: merged,eof",
    ),
    undefined,
  ],
  [
    "too few sectors",
    printed("   0:        0..       0:       9759..      9759:      1:             eof"),
    undefined,
  ],
  [
    "a beginning that is missing",
    printed("   0:        1..       1:       9760..      9760:      1:      eof"),
    undefined,
  ],
  ["nothing", printed(), undefined],
])("%s", (_name, text, offset) => {
  expect(parseExtents(text)).toBe(offset);
});
