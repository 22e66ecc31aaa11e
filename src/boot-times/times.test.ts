import { expect, test } from "vitest";
import { parseBootTimes } from "./times.ts";

test("a boot's parts are read", () => {
  const text = '{"parts":[\n  {"name":"initramfs","started":1.2,"ended":3.4}\n]}\n';
  expect(parseBootTimes(text, "boot.json")).toEqual([{ name: "initramfs", started: 1.2, ended: 3.4 }]);
});

test.each([
  ["no JSON", "hello"],
  ["a boot without parts", '{"parts":[]}'],
  ["a part without an end", '{"parts":[{"name":"engine","started":1}]}'],
  ["something else", '{"kind":"Pod"}'],
])("%s is refused with the file's name", (_, text) => {
  expect(() => parseBootTimes(text, "some.json")).toThrow('"some.json" does not hold the times of a boot');
});
