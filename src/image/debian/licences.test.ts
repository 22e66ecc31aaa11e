import { describe, expect, test } from "vitest";
import { parseLicences, SEE_COPYRIGHT } from "./licences.ts";

const format = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n";

describe("parseLicences", () => {
  test.each([
    [
      "takes each short name once, sorted",
      `${format}License: MIT\n\nLicense: GPL-2+\n\nLicense: MIT\n`,
      ["GPL-2+", "MIT"],
    ],
    [
      "keeps a choice as it is written",
      `${format}License: GPL-2 or BSD-3-clause\n`,
      ["GPL-2 or BSD-3-clause"],
    ],
    ["leaves the text below the name out", `${format}License: Expat\n Permission is hereby\n`, ["Expat"]],
    ["skips a field without a name", `${format}License:\n text\n\nLicense: ISC\n`, ["ISC"]],
    ["can't read prose", "This package is under the GPL.\nLicense: GPL-2\n", SEE_COPYRIGHT],
    ["can't read a file without licences", `${format}Files: *\n`, SEE_COPYRIGHT],
    ["can't read an empty file", "", SEE_COPYRIGHT],
  ])("%s", (_name, copyright, expected) => {
    expect(parseLicences(copyright)).toEqual(expected);
  });
});
