// The agent's command line, on a device in a folder.
import { rmSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { folderHost, makeDevice, readDevice } from "../../test/agent/device/folder-host.ts";
import { runAgent } from "./main.ts";

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

function run(...args: string[]) {
  const root = makeDevice();
  roots.push(root);
  const host = folderHost(root);
  return { code: runAgent(host, args, "1.2.3"), printed: host.printed.join("\n"), calls: host.calls, root };
}

test.each([
  ["its version", ["version"], "kubesolo-os-agent 1.2.3"],
  ["what it can be told", ["--help"], "  status "],
  ["what a command does", ["reset", "--help"], "Reboots and deletes all state"],
  ["what its options do", ["reset", "-h"], "--keep-identity    keeps the machine's id"],
  [
    "how it is used",
    ["config", "--help"],
    "usage: kubesolo-os-agent config [--json] [--strict] check|explain FILE...",
  ],
])("prints %s", (_name, args, text) => {
  const { code, printed, calls } = run(...args);
  expect({ code, calls }).toEqual({ code: 0, calls: [] });
  expect(printed).toContain(text);
});

test.each([
  ["no command", [], "no command given"],
  ["an unknown command", ["frob"], 'unknown command "frob"'],
  ["a name that every object has", ["constructor"], 'unknown command "constructor"'],
  ["an unknown option", ["status", "--yaml"], "unknown or unexpected option: --yaml"],
  ["an option of another command", ["boot", "--yes"], "unknown or unexpected option: --yes"],
  ["a word where none is taken", ["status", "json"], 'unexpected "json"'],
  ["a question that there isn't", ["config", "verify", "/x"], 'check or explain? not "verify"'],
  ["no question", ["config"], "check or explain? neither is given"],
  ["a question about nothing", ["config", "check"], "no file is given"],
  ["half a word of the network", ["network", "gua"], 'guard or plug? not "gua"'],
  ["a reset by somebody who isn't sure", ["reset"], "--yes"],
  ["not even with the identity kept", ["reset", "--keep-identity"], "--yes"],
  ["a reset with a slip of the pen", ["reset", "--keep-identiy", "--yes"], "--keep-identiy"],
])("refuses %s, says how it is used, and does nothing", (_name, args, message) => {
  const { code, printed, calls } = run(...args);
  expect({ code, calls }).toEqual({ code: 64, calls: [] });
  expect(printed).toContain(message);
  expect(printed).toContain("usage: kubesolo-os-agent");
});

describe("reset", () => {
  test.each([
    ["all", ["--yes"], "all\n"],
    ["all but the identity", ["--keep-identity", "--yes"], "keep-identity\n"],
  ])("asks the next boot to forget %s", (_name, args, request) => {
    const { code, calls, root } = run("reset", ...args);
    expect({ code, calls }).toEqual({ code: 0, calls: ["write /data/reset-requested", "reboot"] });
    expect(readDevice(root, "/data")["/data/reset-requested"]).toBe(request);
  });
});
