import { describe, expect, test } from "vitest";
import { parseInputs, planSources } from "./inputs.ts";

describe("planSources", () => {
  const keyring = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]";

  test.each([
    [
      "takes the host's mirror for another release",
      "mirror:/debian/ bookworm main",
      [`deb ${keyring} mirror:/debian/ trixie main`],
    ],
    [
      "keeps security with security",
      "mirror:/security/ trixie-security main",
      [`deb ${keyring} mirror:/security/ trixie-security main`],
    ],
    ["leaves what isn't Debian's", "mirror:/other/ nodistro main", []],
    ["leaves components but main", "mirror:/debian/ bookworm contrib", []],
    ["finds nothing in nothing", "", []],
  ])("%s", (_name, targets, expected) => {
    expect(planSources(targets, "trixie")).toEqual(expected);
  });
});

test("refuses inputs without a group", () => {
  expect(() => parseInputs('{"suite":"trixie"}')).toThrow();
});
