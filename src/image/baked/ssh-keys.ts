// The keys by which people log in to an image for development: lines of a KEY.pub, or of an authorized_keys. What isn't a public key is
// never shown: it may be a private one.
import { readFileSync } from "node:fs";
import { UserError } from "../../lib/errors.ts";

/** Those that dropbear takes. */
const TYPES = [
  "ssh-ed25519",
  "ssh-rsa",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "sk-ssh-ed25519@openssh.com",
  "sk-ecdsa-sha2-nistp256@openssh.com",
];
const PRIVATE = /PRIVATE KEY|^PuTTY-User-Key-File/m;
const HINT =
  "a public key is one line such as ssh-ed25519 AAAA… me@example.com, mostly in ~/.ssh/id_ed25519.pub";

export type SshKeys =
  | { readonly keys: readonly string[] }
  | { readonly refusal: string; readonly hint: string };

/** Throws a UserError for a file that can't be used. */
export function readSshKeys(path: string): readonly string[] {
  const result = parseSshKeys(readText(path), path);
  if ("keys" in result) return result.keys;
  throw new UserError(result.refusal, { hint: result.hint });
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UserError(`cannot read the key "${path}"`, { cause: error, hint: HINT });
  }
}

/** Pure. `path` is for messages. */
export function parseSshKeys(text: string, path: string): SshKeys {
  if (PRIVATE.test(text))
    return {
      refusal: `"${path}" is a private key, which belongs into no image`,
      hint: `give its public half: mostly "${path}.pub", or what \`ssh-keygen -y -f ${path}\` prints`,
    };
  const lines = text.split(/\r?\n/).map((line, index) => ({ line: line.trim(), number: index + 1 }));
  const keys = lines.filter(({ line }) => line !== "" && !line.startsWith("#"));
  if (keys.length === 0) return { refusal: `"${path}" holds no public key`, hint: HINT };
  for (const { line, number } of keys) {
    const problem = problemOf(line);
    if (problem !== undefined) return { refusal: `"${path}", line ${number}: ${problem}`, hint: HINT };
  }
  return { keys: keys.map(({ line }) => line) };
}

function problemOf(line: string): string | undefined {
  const words = line.split(/\s+/);
  const [type = "", base64 = ""] = words;
  if (/-cert-v01@openssh\.com$/.test(type)) return "it is a certificate, which dropbear doesn't take";
  if (type === "ssh-dss") return "it is a DSA key, which SSH servers take no more";
  if (!TYPES.includes(type)) return "it doesn't begin with a type of public keys";
  return isKeyOf(type, base64) ? undefined : "the key is damaged, or cut off";
}

/** RFC 4253, 6.6: fields, each behind its length in four bytes, of which the first is the type. */
function isKeyOf(type: string, base64: string): boolean {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0) return false;
  const bytes = Buffer.from(base64, "base64");
  const fields: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) return false;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return false;
    fields.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return fields.length >= 2 && fields[0]?.toString("latin1") === type;
}
