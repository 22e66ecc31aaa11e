import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sourcePath } from "../lib/paths.ts";
import { replaceResult } from "./outcome.ts";
import { findSuite, suiteNames } from "./suites.ts";

test.each(suiteNames)("the result of %s has its place in the document", (name) => {
  const document = readFileSync(sourcePath("docs/conformance.md"), "utf8");
  expect(() => replaceResult(document, findSuite(name).title, "")).not.toThrow();
});
