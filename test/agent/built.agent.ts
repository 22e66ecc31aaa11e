// The built agent comes to the same as the same code in Node, case by case.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readTextIfThere } from "../../src/lib/files.ts";
import { buildPath } from "../../src/lib/paths.ts";
import { readFiles, refusedFiles } from "./hostile.ts";

const agent = buildPath("agent/kubesolo-os-agent");
const folder = new URL("cases", import.meta.url).pathname;
const FILES = ["user-data", "vendor-data", "meta-data", "network-config"];
const scratch = mkdtempSync(join(tmpdir(), "agent-"));

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function runAgent(args: readonly string[], cwd = scratch) {
  const { status, stdout, stderr } = spawnSync(agent, args, { cwd, encoding: "utf8", timeout: 60_000 });
  return { status, stdout, stderr };
}

describe("a case folder comes to what it says", () => {
  test.each(readdirSync(folder).sort())("%s", (name) => {
    const path = join(folder, name);
    const files = FILES.filter((file) => existsSync(join(path, file)));
    const { status, stdout, stderr } = runAgent(["config", "explain", "--json", ...files], path);
    const expected = readTextIfThere(join(path, "expected.json"));
    expect({ decision: stdout || undefined, problems: stderr || undefined, status }).toEqual({
      decision: expected,
      problems: readTextIfThere(join(path, "expected-problems.txt")),
      status: expected === undefined ? 1 : 0,
    });
  });
});

// The time limit is the test's own.
describe.each([
  ["refused", refusedFiles, 1],
  ["read", readFiles, 0],
] as const)("a file is %s, as in Node, that", (_what, files, code) => {
  test.each(files)("%s", (_name, body) => {
    writeFileSync(join(scratch, "hostile"), `#cloud-config\n${body}`);
    const { status, stderr } = runAgent(["config", "check", "hostile"]);
    expect(status, stderr).toBe(code);
  });
});

describe("the command line", () => {
  test.each([
    ["its version", ["version"], 0, /^kubesolo-os-agent \S+\n$/],
    ["help", ["help"], 0, /^usage: /],
  ])("prints %s", (_name, args, code, pattern) => {
    const { status, stdout } = runAgent(args);
    expect(status).toBe(code);
    expect(stdout).toMatch(pattern);
  });

  test.each([
    ["no command", [], 64, "no command given"],
    ["an unknown command", ["frob"], 64, 'unknown command "frob"'],
    ["a name that every object has", ["constructor"], 64, "unknown command"],
    ["a question without a file", ["config", "check"], 64, "usage:"],
    ["a file that is missing", ["config", "check", "none.yaml"], 1, 'no file "none.yaml"'],
    ["a record without a file", ["--record"], 64, "needs a file"],
    ["a record that is missing", ["--replay", "none", "version"], 64, "no such file"],
    ["a reset without a yes", ["reset"], 64, "--yes"],
  ])("refuses %s", (_name, args, code, message) => {
    const { status, stderr } = runAgent(args);
    expect(status).toBe(code);
    expect(stderr).toContain(message);
  });
});

test("a run is recorded, and replayed without the world", () => {
  const file = join(scratch, "user-data");
  const record = join(scratch, "record");
  writeFileSync(file, "#cloud-config\nhostname: box\n");
  const recorded = runAgent(["--record", record, "config", "explain", file]);
  expect(recorded.status).toBe(0);
  rmSync(file);
  expect(runAgent(["--replay", record, "config", "explain", file])).toEqual(recorded);
  const other = runAgent(["--replay", record, "config", "explain", `${file}2`]);
  expect(other.status).toBe(70);
  expect(other.stderr).toContain("in the record");
  expect(readFileSync(record, "utf8").split("\n")[0]).toContain('"call":"stat"');
});
