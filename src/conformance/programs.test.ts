import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sourcePath } from "../lib/paths.ts";

function readVersions(module: string): Map<string, string> {
  const text = readFileSync(sourcePath(module, "go.mod"), "utf8");
  return new Map(
    [...text.matchAll(/^(?:\t|require )(\S+) (v\S+)/gm)].map(([, name = "", version = ""]) => [
      name,
      version,
    ]),
  );
}

test("the tests are of the engine's versions, and compiled but once", () => {
  const engine = readVersions("engine");
  const tests = readVersions("src/conformance/tests");
  expect(engine.get("k8s.io/kubernetes")).toBeDefined();
  const different = [...tests].filter(([name, version]) => (engine.get(name) ?? version) !== version);
  expect(different).toEqual([]);
});
