import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { parseSshKeys } from "./ssh-keys.ts";

/** A public key as SSH writes it, of any bytes. */
function publicKey(type: string, ...fields: Buffer[]): string {
  const field = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const blob = Buffer.concat([Buffer.from(type), ...fields].map(field));
  return `${type} ${blob.toString("base64")} me@desk`;
}
const ED25519 = publicKey("ssh-ed25519", Buffer.alloc(32, 7));
const RSA = publicKey("ssh-rsa", Buffer.from([1, 0, 1]), Buffer.alloc(257, 9));
const base64 = (key: string) => key.split(" ")[1] ?? "";
const SECRET = "c2VjcmV0c2VjcmV0";

test.each<[string, string, string[]]>([
  ["one", `${ED25519}\n`, [ED25519]],
  ["one without a comment", `ssh-ed25519 ${base64(ED25519)}`, [`ssh-ed25519 ${base64(ED25519)}`]],
  ["several, with remarks and Windows' line ends", `# ours\r\n${ED25519}\r\n\r\n${RSA}\r\n`, [ED25519, RSA]],
  [
    "one of a security key",
    publicKey("sk-ssh-ed25519@openssh.com", Buffer.alloc(32), Buffer.from("ssh:")),
    [publicKey("sk-ssh-ed25519@openssh.com", Buffer.alloc(32), Buffer.from("ssh:"))],
  ],
])("public keys are taken: %s", (_name, text, keys) => {
  expect(parseSshKeys(text, "id.pub")).toEqual({ keys });
});

const { privateKey } = generateKeyPairSync("ed25519");

test.each<[string, string, RegExp]>([
  ["nothing", "\n# only a remark\n", /holds no public key/],
  ["a key that is cut off", ED25519.slice(0, 60), /line 1: the key is damaged, or cut off/],
  [
    "one whose length is right, and which is cut off",
    `ssh-ed25519 ${base64(ED25519).slice(0, 40)}`,
    /cut off/,
  ],
  ["a type before another key", `ssh-rsa ${base64(ED25519)}`, /cut off/],
  ["a type alone", "ssh-ed25519", /cut off/],
  ["the second line", `${ED25519}\nhello ${SECRET}\n`, /line 2: it doesn't begin with a type/],
  ["a DSA key", "ssh-dss AAAA", /DSA/],
  ["a certificate", "ssh-ed25519-cert-v01@openssh.com AAAA", /certificate/],
  ["options before a key", `command="/bin/sh" ${ED25519}`, /doesn't begin with a type/],
  ["what is no text of keys", "\0\x01\x02", /doesn't begin with a type/],
  ["a certificate of X.509", "-----BEGIN CERTIFICATE-----\nAAAA\n", /doesn't begin with a type/],
  [
    "OpenSSH's private key",
    `-----BEGIN OPENSSH PRIVATE KEY-----\n${SECRET}\n-----END OPENSSH PRIVATE KEY-----\n`,
    /is a private key/,
  ],
  [
    "a private key of PKCS #8",
    privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    /is a private key/,
  ],
  ["PuTTY's", `PuTTY-User-Key-File-3: ssh-ed25519\n${SECRET}\n`, /is a private key/],
  [
    "a private key behind a public one",
    `${ED25519}\n-----BEGIN RSA PRIVATE KEY-----\n${SECRET}\n`,
    /is a private key/,
  ],
])("refused, and nothing of it is shown: %s", (_name, text, pattern) => {
  const result = parseSshKeys(text, "id");
  expect(result).toEqual({ refusal: expect.stringMatching(pattern), hint: expect.any(String) });
  expect(JSON.stringify(result)).not.toContain(SECRET);
});
