// The files were made by minisign 0.11: `minisign -G -W`, `minisign -S -t 'release 1.2.3'`, and with `-l` the legacy one.
import { expect, test } from "vitest";
import { nodeMath as math } from "../lib/signature-math.ts";
import { parsePublicKey, verifySignature } from "./minisign.ts";

const message = Buffer.from('{"version":"1.2.3"}\n');
const publicKey = `untrusted comment: minisign public key 32EA99484D41BC4C
RWRMvEFNSJnqMlUxC48AktvMi/QMIhHTrpJ45+c4BPtvgCJ8m1tidLdZ
`;
const otherKey = `untrusted comment: minisign public key 4113E63CBC19BBC8
RWTIuxm8POYTQSKFxDGw3xdzpO8hSLLK+xMgEoGiFynv77pGIzO8VzS4
`;
const prehashed = `untrusted comment: signature from minisign secret key
RURMvEFNSJnqMhZfpPaprgoHhfMRe7WbIB85hB8UOTmcMQSjNrCjlkYLPIlPWUcAG44nzOgfiPRpp9XCw0NXGxObvROViXc6Aws=
trusted comment: release 1.2.3
NhVK9KVIsbaGBkcI3bgrS/T44VGD3rNYbOgILfPBXx2EtLGoR9eXUkfcPKIPou2kDAPnQCM4L3QG70pmDTPvDA==
`;
const legacy = `untrusted comment: signature from minisign secret key
RWRMvEFNSJnqMmQK49O/ksu/LbZPAJIwqhmUPeD05zrhGxqoTPDj13VJbZA/vHWoAyrmJ479qYOa3CwvcJmETPLksS9vBhxIGA8=
trusted comment: release 1.2.3
tFmK2w34HlB2j2xVWJ0zdHEe0oinu69qosBYT/BTnXgYUlliX+YAFrNC3sKjj7WnyvAb3u0oG1HWSG/v1tiVDw==
`;

const key = (text: string) => parsePublicKey(text, math) ?? { id: "", key: new Uint8Array() };
const check = (signature: string, keys = [key(publicKey)], text: Uint8Array = message) =>
  verifySignature(text, signature, keys, math);

test("a public key is its file, or the line of it that people copy", () => {
  expect(key(publicKey).id).toBe("32EA99484D41BC4C");
  expect(key(publicKey.split("\n")[1] ?? "")).toEqual(key(publicKey));
  for (const text of ["", "RWQ=", publicKey.slice(0, -9), prehashed])
    expect(parsePublicKey(text, math)).toBeUndefined();
});

test.for([
  ["pre-hashed", prehashed],
  ["legacy", legacy],
] as const)("a signature verifies: %s", ([, signature]) => {
  const good = { keyId: "32EA99484D41BC4C", trustedComment: "release 1.2.3" };
  expect(check(signature)).toEqual(good);
  expect(check(signature, [key(otherKey), key(publicKey)])).toEqual(good);
  expect(check(signature.replaceAll("\n", "\r\n"))).toEqual(good);
});

test.for([
  ["another message", () => check(prehashed, undefined, Buffer.from("other")), "of other contents"],
  [
    "a key that isn't known",
    () => check(prehashed, [key(otherKey)]),
    "32EA99484D41BC4C, which isn't known here",
  ],
  ["no keys", () => check(prehashed, []), "isn't known here"],
  [
    "another key of the same id",
    () => check(prehashed, [{ ...key(otherKey), id: "32EA99484D41BC4C" }]),
    "of other contents",
  ],
  [
    "another trusted comment",
    () => check(prehashed.replace("release 1.2.3", "release 9.9.9")),
    "comment has been changed",
  ],
  [
    "the other's second signature",
    () => check(prehashed.replace(lineOf(prehashed, 3), lineOf(legacy, 3))),
    "changed",
  ],
  ["a legacy one called pre-hashed", () => check(legacy.replace("\nRW", "\nRU")), "of other contents"],
  ["an unknown algorithm", () => check(legacy.replace("\nRW", "\nRX")), "unknown algorithm"],
  ["half of it", () => check(prehashed.split("\n").slice(0, 2).join("\n")), "no minisign signature"],
  ["nothing", () => check(""), "no minisign signature"],
  ["a page of a captive portal", () => check("<html>\n<body>\nlog in\n"), "no minisign signature"],
  ["very much", () => check(prehashed + "x".repeat(20_000)), "too long"],
  ["spaces in its base64", () => check(prehashed.replace("RUR", "RU R")), "no minisign signature"],
] as const)("refused: %s", ([, verify, refusal]) => {
  expect(verify()).toEqual({ refusal: expect.stringContaining(refusal) });
});

function lineOf(text: string, index: number): string {
  return text.split("\n")[index] ?? "";
}
