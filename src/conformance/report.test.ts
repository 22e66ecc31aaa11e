import { expect, test } from "vitest";
import { parseReport } from "./report.ts";

const spec = (leaf: string, State: string, Message?: string) => ({
  ContainerHierarchyTexts: ["[sig-node] Pods"],
  LeafNodeText: leaf,
  LeafNodeType: "It",
  State,
  RunTime: 2.5e9,
  ...(Message !== undefined && { Failure: { Message } }),
});

const read = (...specs: object[]) => parseReport(JSON.stringify([{ SpecReports: specs }]));

test.each([
  ["passed", spec("run", "passed"), "passed"],
  ["failed", spec("run", "failed", "no"), "failed"],
  ["out of time", spec("run", "timedout", "no"), "failed"],
  ["panicked", spec("run", "panicked"), "failed"],
  ["cut short", spec("run", "interrupted"), "failed"],
  ["that can't run here", spec("run", "skipped", "needs two nodes"), "skipped"],
])("a spec %s", (_, report, state) => {
  expect(read(report)).toEqual([
    {
      name: "[sig-node] Pods run",
      state,
      message: "Failure" in report ? (report.Failure as { Message: string }).Message : "",
      seconds: 2.5,
    },
  ]);
});

test("a spec that a filter left out is none", () => {
  expect(read(spec("run", "skipped"))).toEqual([]);
});

test("a failing step before all specs counts as one", () => {
  const step = {
    ...spec("", "failed", "no nodes"),
    ContainerHierarchyTexts: null,
    LeafNodeType: "BeforeSuite",
  };
  expect(read(step)).toMatchObject([{ name: "BeforeSuite", state: "failed" }]);
  expect(read({ ...step, State: "passed" })).toEqual([]);
});

test("specs are sorted by name", () => {
  expect(read(spec("b", "passed"), spec("a", "passed")).map(({ name }) => name.at(-1))).toEqual(["a", "b"]);
});
