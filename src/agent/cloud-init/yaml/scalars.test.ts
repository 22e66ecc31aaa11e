import { describe, expect, test } from "vitest";
import { plainScalar, taggedScalar } from "./scalars.ts";

// What PyYAML 6.0.3's safe_load makes of each; dates excepted, which stay text here.
describe("a plain word is", () => {
  test.each<[string, unknown, string]>([
    ["an octal number with a zero before it", 420, "0644"],
    ["octal with underscores", 7, "0_7"],
    ["text with YAML 1.2's prefix for octal", "0o644", "0o644"],
    ["text with a digit that octal hasn't", "0888", "0888"],
    ["hexadecimal", 31, "0x1F"],
    ["binary", 5, "0b101"],
    ["text with a prefix and no digits", "0x_", "0x_"],
    ["a number with underscores", 1000, "1_000"],
    ["a number with a sign", 12, "+12"],
    ["a number in sixties", 90, "1:30"],
    ["a negative number in sixties", -90, "-1:30"],
    ["text when sixties begin with a zero", "01:30", "01:30"],
    ["text when a part of sixties is too large", "1:60", "1:60"],
    ["a fraction in sixties", 685230.15, "190:20:30.15"],
    ["a fraction without an end", 5, "5."],
    ["a fraction without a beginning", 0.5, ".5"],
    ["text when that has a sign", "+.5", "+.5"],
    ["text with an exponent and no fraction", "1e3", "1e3"],
    ["text with an exponent without its sign", "1.0e3", "1.0e3"],
    ["a number with fraction, exponent and sign", 1000, "1.0e+3"],
    ["without an end", Number.POSITIVE_INFINITY, ".inf"],
    ["no number", Number.NaN, ".nan"],
    ["yes", true, "yes"],
    ["on, in capitals", true, "ON"],
    ["off", false, "Off"],
    ["text when yes has odd capitals", "yEs", "yEs"],
    ["text, though YAML 1.1 says yes", "y", "y"],
    ["nothing", null, "~"],
    ["nothing, without a word", null, ""],
    ["text when null has odd capitals", "nULL", "nULL"],
    ["a version, which is text", "1.2.3", "1.2.3"],
    ["a date, which stays text", "2020-01-01", "2020-01-01"],
  ])("%s", (_name, value, source) => {
    expect(plainScalar(source)).toEqual(value);
  });
});

describe("with a tag it is", () => {
  test.each<[string, unknown, string, string]>([
    ["text for !!str", "12", "str", "12"],
    ["a number for !!int", 12, "int", "12"],
    ["a number for !!float", 1, "float", "1"],
    ["a truth for !!bool", true, "bool", "yes"],
    ["a falsehood for !!bool", false, "bool", "no"],
    ["nothing for !!null", null, "null", ""],
    ["refused when it isn't a number", undefined, "int", "many"],
    ["refused when it isn't a fraction", undefined, "float", "many"],
    ["refused when it isn't a truth", undefined, "bool", "maybe"],
    ["refused for what isn't known", undefined, "python/name", "x"],
  ])("%s", (_name, value, tag, source) => {
    expect(taggedScalar(`tag:yaml.org,2002:${tag}`, source)).toEqual(value);
  });
});
