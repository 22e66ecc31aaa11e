import { describe, expect, test } from "vitest";
import { cutProblems, describeProblem, type Problem, pathText, quoted, sortProblems } from "./problems.ts";

const problem = (rest: Partial<Problem>): Problem => ({
  severity: "error",
  file: "user-data",
  path: "",
  message: "wrong",
  ...rest,
});

describe("a path is written", () => {
  test.each<[string, string, (string | number)[]]>([
    ["with dots and numbers", "write_files[2].permissions", ["write_files", 2, "permissions"]],
    ["as nothing at the top", "", []],
    [
      "in quotes when a name has dots",
      'registries["docker.io"].mirrors[0]',
      ["registries", "docker.io", "mirrors", 0],
    ],
    ["in quotes when a name has spaces", 'a["b c"]', ["a", "b c"]],
  ])("%s", (_name, text, path) => {
    expect(pathText(path)).toBe(text);
  });
});

describe("a problem is told", () => {
  test.each<[string, string, Partial<Problem>]>([
    ["with its place", "user-data:3:5: error: a.b: wrong", { line: 3, column: 5, path: "a.b" }],
    ["without a place", "user-data: error: wrong", {}],
    [
      "with its hint on a line of its own",
      "user-data: warning: wrong\n  hint: mend it",
      { severity: "warning", hint: "mend it" },
    ],
  ])("%s", (_name, text, rest) => {
    expect(describeProblem(problem(rest))).toBe(text);
  });
});

test("problems come by file and line, each once", () => {
  const [first, second, other] = [
    problem({ line: 2, column: 1 }),
    problem({ line: 10, column: 1 }),
    problem({ file: "meta-data", line: 1, column: 1 }),
  ];
  expect(sortProblems([second, other, first, first] as Problem[])).toEqual([first, second, other]);
});

test("a list that is cut keeps its errors", () => {
  const warnings = Array.from({ length: 200 }, (_, line) => problem({ severity: "warning", line }));
  const cut = cutProblems([...warnings, problem({ line: 500 })]);
  expect(cut.map(({ severity }) => severity).filter((each) => each === "error")).toHaveLength(1);
  expect(cut[cut.length - 1]?.message).toBe("and 101 more problems");
});

describe("a value is quoted", () => {
  test.each<[string, string, unknown]>([
    ["with its lines in one", '"a\\nb"', "a\nb"],
    ["as JSON when it is no text", '{"a":[1]}', { a: [1] }],
    ["without a URL's password", '"https://***@example.com/a"', "https://me:secret@example.com/a"],
    ["short", `"${"a".repeat(76)}…"`, "a".repeat(500)],
  ])("%s", (_name, text, value) => {
    expect(quoted(value)).toBe(text);
  });
});
