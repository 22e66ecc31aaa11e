import { expect, test } from "vitest";
import { formatVariant, parseVariant } from "./variant.ts";

test.each([
  ["vm", { profile: "vm", isDevelopment: false }],
  ["hardware", { profile: "hardware", isDevelopment: false }],
  ["vm-development", { profile: "vm", isDevelopment: true }],
  ["hardware-development", { profile: "hardware", isDevelopment: true }],
])("%s is read as it is written", (id, variant) => {
  expect(parseVariant(id)).toEqual(variant);
  expect(formatVariant(variant)).toBe(id);
});
