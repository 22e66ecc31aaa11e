import { describe, expect, test } from "vitest";
import { parseLicences, spdxExpression } from "./licences.ts";

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
    ["can't read prose", "This package is under the GPL.\nLicense: GPL-2\n", undefined],
    ["can't read a file without licences", `${format}Files: *\n`, undefined],
    ["can't read an empty file", "", undefined],
  ])("%s", (_name, copyright, expected) => {
    expect(parseLicences(copyright)).toEqual(expected);
  });
});

describe("spdxExpression", () => {
  test.each([
    ["joins what all apply", ["GPL-2", "Expat"], "GPL-2.0-only AND MIT"],
    ["knows the licence that Debian calls Expat by its own name, too", ["MIT"], "MIT"],
    ["knows both spellings of a clause", ["BSD-3-Clause", "BSD-3-clause"], "BSD-3-Clause"],
    ["gives up for a name that SPDX doesn't have", ["GPL-2", "BSLA"], undefined],
    ["gives up for a choice", ["GPL-2 or BSD-3-clause"], undefined],
    ["says nothing of nothing", [], undefined],
  ])("%s", (_name, names, expected) => {
    expect(spdxExpression(names)).toBe(expected);
  });
});
