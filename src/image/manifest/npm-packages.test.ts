import { expect, test } from "vitest";
import { parseNpmPackages } from "./npm-packages.ts";

const entry = { version: "1.0.0", integrity: "sha512-aa==", license: "MIT" };
const lock = (packages: Record<string, object>, lockfileVersion = 3) =>
  JSON.stringify({ lockfileVersion, packages: { "": { name: "kubesolo-os" }, ...packages } });
const names = (packages: Record<string, object>) =>
  parseNpmPackages(lock(packages), []).map(({ name }) => name);

test("takes name, version, integrity and licence", () => {
  expect(parseNpmPackages(lock({ "node_modules/@scope/a": entry }), [])).toEqual([
    { name: "@scope/a", version: "1.0.0", integrity: "sha512-aa==", use: "tool", licence: "MIT" },
  ]);
});

test.each([
  ["what only tests need is left out", { "node_modules/a": { ...entry, dev: true } }, []],
  ["so is what could do without them", { "node_modules/a": { ...entry, devOptional: true } }, []],
  ["so is what is for other systems", { "node_modules/a": { ...entry, os: ["darwin"] } }, []],
  ["and for other processors", { "node_modules/a": { ...entry, cpu: ["arm64"] } }, []],
  ["what is for the factory's stays", { "node_modules/a": { ...entry, os: ["linux"], cpu: ["x64"] } }, ["a"]],
  ["a package in a package has its own name", { "node_modules/b/node_modules/a": entry }, ["a"]],
  ["they are sorted", { "node_modules/b": entry, "node_modules/a": entry }, ["a", "b"]],
])("%s", (_name, packages, expected) => {
  expect(names(packages)).toEqual(expected);
});

test("tells those in the agent from those that only made it, and has them even if tests need them too", () => {
  const packages = { "node_modules/a": { ...entry, dev: true }, "node_modules/b": entry };
  const found = parseNpmPackages(lock(packages), ["node_modules/a"]);
  expect(found.map(({ name, use }) => [name, use])).toEqual([
    ["a", "linked"],
    ["b", "tool"],
  ]);
});

test("refuses an agent with a package that is not locked", () => {
  expect(() => parseNpmPackages(lock({}), ["node_modules/a"])).toThrow('does not know "node_modules/a"');
});

test.each([
  [
    "a package without a checksum",
    lock({ "node_modules/a": { version: "1.0.0" } }),
    'does not lock "node_modules/a"',
  ],
  ["a lock of another version", lock({}, 2), "Expected 3"],
])("refuses %s", (_name, text, message) => {
  expect(() => parseNpmPackages(text, [])).toThrow(message);
});
