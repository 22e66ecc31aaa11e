import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sourcePath } from "../lib/paths.ts";
import { GO_OPTIONS } from "./go-program.ts";

test("what compiles is the Go that the engine's module names", () => {
  const [, version] = /^go (.+)$/m.exec(readFileSync(sourcePath("engine/go.mod"), "utf8")) ?? [];
  expect(GO_OPTIONS.env.GOTOOLCHAIN).toBe(`go${version}`);
});
