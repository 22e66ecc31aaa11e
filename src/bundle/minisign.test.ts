import { expect, test } from "vitest";
import { secretKeyKind } from "./minisign.ts";

const key = (start: string, length = 158) =>
  `untrusted comment: minisign secret key\n${Buffer.alloc(length).fill(start, 0, start.length).toString("base64")}\n`;

test.for([
  ["a key without a password", key("Ed\0\0B2"), "open"],
  ["a key with one", key("EdScB2"), "with password"],
  ["a public key", key("Ed", 42), "none"],
  ["something else", "hello", "none"],
  ["nothing", "", "none"],
] as const)("%s", ([, text, kind]) => {
  expect(secretKeyKind(text)).toBe(kind);
});
