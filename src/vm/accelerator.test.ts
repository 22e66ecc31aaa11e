import { expect, test } from "vitest";
import { parseWish } from "./accelerator.ts";

test.each([
  ["not set", undefined, undefined],
  ["set to nothing", "", undefined],
  ["software emulation", "tcg", "tcg"],
  ["the kernel's virtual machines", "kvm", "kvm"],
])("KUBESOLO_ACCEL %s", (_, text, wish) => {
  expect(parseWish(text)).toBe(wish);
});

test("any other KUBESOLO_ACCEL is refused by name", () => {
  expect(() => parseWish("hvf")).toThrow('KUBESOLO_ACCEL="hvf"');
});
