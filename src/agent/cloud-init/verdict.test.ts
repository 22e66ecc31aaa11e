import { describe, expect, test } from "vitest";
import { nameFiles, reportOn } from "./verdict.ts";

const decoder = {
  decompress: (content: Uint8Array) => content,
  sha256: () => "0",
  decodeBase64: (text: string) => Buffer.from(text, "base64"),
  decodeUtf8: (content: Uint8Array) => Buffer.from(content).toString("utf8"),
  readCertificate: () => ({ name: "ours", isAuthority: true, notBeforeMs: 0, notAfterMs: 1 }),
  now: () => 0,
};
const file = (path: string, text = "#cloud-config\nhostname: node-1\n") => ({
  file: path,
  content: Uint8Array.from(Buffer.from(text)),
});

describe("a file is known by its name:", () => {
  test.each<[string, string[] | undefined, string[]]>([
    ["each as itself, in any folder", ["meta-data", "user-data"], ["a/meta-data", "/b/user-data"]],
    ["with an ending", ["network-config"], ["network-config.yaml"]],
    ["any other name is user-data's", ["user-data"], ["node-7.yml"]],
    ["two of one name are none", undefined, ["a/user-data", "b/user-data"]],
    ["two other names are none", undefined, ["a.yml", "b.yml"]],
  ])("%s", (_name, names, paths) => {
    const files = nameFiles(paths.map((path) => file(path)));
    expect(files && Object.keys(files).sort()).toEqual(names);
  });
});

describe("a report", () => {
  const good = { "user-data": file("user-data") };
  const bad = { "user-data": file("user-data", "#cloud-config\nhostname: -a\n") };

  test("says that a good configuration is good", () => {
    expect(reportOn(good, decoder, "check")).toEqual({
      stdout: "the configuration is good\n",
      stderr: "",
      isGood: true,
      hasPlainPasswords: false,
    });
  });

  test("says what is wrong, and nothing else", () => {
    const { stdout, stderr, isGood } = reportOn(bad, decoder, "check");
    expect([stdout, isGood]).toEqual(["", false]);
    expect(stderr).toMatch(/^user-data:2:11: error: hostname: /);
  });

  test("has the problems as JSON for a program", () => {
    const { stdout } = reportOn(bad, decoder, "check", { isJson: true });
    expect(JSON.parse(stdout)).toMatchObject({ isGood: false, problems: [{ line: 2, path: "hostname" }] });
  });

  test("explains nothing that can't be used", () => {
    expect(reportOn(bad, decoder, "explain", { isJson: true }).stdout).toBe("");
  });
});
