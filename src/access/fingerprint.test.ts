import { expect, test } from "vitest";
import { fingerprintOf, parseFingerprint } from "./fingerprint.ts";

const der = Buffer.from("certificate");
const shown = fingerprintOf(der);
const hex = Buffer.from(shown.slice(7), "base64").toString("hex");
const pairs = (hex.match(/../g) ?? []).join(":").toUpperCase();

test("a fingerprint is written as OpenSSH writes it", () => {
  expect(shown).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
});

test.each([
  ["as the console shows it", shown],
  ["with blanks around it", ` ${shown}\n`],
  ["padded", `${shown}=`],
  ["without its name", shown.slice(7)],
  ["in hexadecimal", `sha256:${hex}`],
  ["as openssl writes it", `sha256 Fingerprint=${pairs}`],
])("it is read %s", (_name, text) => {
  expect(parseFingerprint(text)).toBe(shown);
});

test.each(["", "SHA256:", "SHA256:abc", `${shown}A`, `MD5:${hex}`, `sha256:${hex.slice(1)}`])(
  "%j is none",
  (text) => expect(parseFingerprint(text)).toBeUndefined(),
);
