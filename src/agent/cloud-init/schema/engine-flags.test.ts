// The engine's own test reads the same table: check and device come to one verdict.
import { readFileSync } from "node:fs";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { sourcePath } from "../../../lib/paths.ts";
import { parseFlags } from "./engine-flags.ts";

const Table = v.strictObject({ right: v.array(v.string()), wrong: v.array(v.string()) });
const table = v.parse(
  v.pipe(v.string(), v.parseJson(), Table),
  readFileSync(sourcePath("engine/config/testdata/flags.json"), "utf8"),
);

describe("as the engine has it", () => {
  test.each(table.right)("%s is right", (flag) => {
    expect(parseFlags([flag]).problems).toEqual([]);
  });

  test.each(table.wrong)("%s is wrong", (flag) => {
    expect(parseFlags([flag]).problems).toHaveLength(1);
  });
});
