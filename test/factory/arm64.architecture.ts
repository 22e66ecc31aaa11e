// The engine for another machine: compiled from nothing, it takes longer than any other test.
import { test } from "vitest";
import { repository } from "../../src/lib/paths.ts";
import { build, checkPrograms } from "./built-engine.ts";

test("every program for arm64 is static, stripped and of that architecture", async () => {
  await checkPrograms(await build(repository, "--arch", "arm64"), "AArch64");
});
