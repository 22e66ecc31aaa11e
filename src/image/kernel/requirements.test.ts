import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sourcePath } from "../../lib/paths.ts";
import { PROFILES } from "../profile.ts";
import { parseRequirements } from "./requirements.ts";

const group = { who: "runc", need: "mandatory", options: { KEYS: { why: "keyrings" } } };

function parse(change: object, profile: (typeof PROFILES)[number] = "vm") {
  return parseRequirements(JSON.stringify([{ ...group, ...change }]), profile);
}

test.each([
  ["without a module, only built in will do", { why: "x" }, ["y"]],
  ["with one, a module too", { why: "x", modules: ["veth"] }, ["y", "m"]],
  ["or the one value that is named", { why: "x", is: "n" }, ["n"]],
])("%s", (_name, option, accepts) => {
  expect(parse({ options: { X: option } })).toMatchObject([{ option: "X", who: "runc", accepts }]);
});

test("modules lie in the root, unless the group says otherwise", () => {
  expect(parse({})[0]?.place).toBe("rootfs");
  expect(parse({ place: "initramfs" })[0]?.place).toBe("initramfs");
});

test("a group of one profile is no other's", () => {
  expect(parse({ profile: "hardware" })).toEqual([]);
  expect(parse({ profile: "hardware" }, "hardware")).toHaveLength(1);
});

test.each([
  ["an option without its reason", { options: { X: {} } }],
  ["a need that is neither", { need: "nice to have" }],
  ["a place that isn't one", { place: "disk" }],
])("refuses %s", (_name, change) => {
  expect(() => parse(change)).toThrow();
});

describe.each(PROFILES)("inputs/kernel-options.json for %s", (profile) => {
  const requirements = parseRequirements(
    readFileSync(sourcePath("inputs/kernel-options.json"), "utf8"),
    profile,
  );

  test("names no option twice", () => {
    const options = requirements.map(({ option }) => option);
    expect(options.filter((option, index) => options.indexOf(option) !== index)).toEqual([]);
  });

  test("writes options and modules as the kernel does", () => {
    expect(requirements.filter(({ option }) => !/^[A-Z0-9][A-Z0-9_a-z]*$/.test(option))).toEqual([]);
    expect(requirements.flatMap(({ modules }) => modules).filter((name) => /-|\.ko/.test(name))).toEqual([]);
  });
});
