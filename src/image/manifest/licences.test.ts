import { describe, expect, test } from "vitest";
import { spdxExpression } from "./licences.ts";

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
