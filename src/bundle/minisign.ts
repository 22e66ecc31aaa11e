// The locked minisign: makes keys and signatures. Verifying needs none: src/release/minisign.ts.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepareGroup, readInputs } from "../image/debian/packages.ts";
import { UserError } from "../lib/errors.ts";
import { makeTools, type Tools } from "../lib/locked-tools.ts";

/** The tools that releases are signed with; fetched if they aren't there yet. */
export async function prepareSigning(): Promise<Tools> {
  return makeTools(await prepareGroup("signing"), readInputs().epoch);
}

/** Makes a key pair without a password; `secret` and `pub` are host paths of files that aren't there. */
export async function makeKeyPair(secret: string, pub: string, tools: Tools): Promise<void> {
  await tools.run(["minisign", "-G", "-W", "-s", secret, "-p", pub]);
}

/** The signature's text: pre-hashed, the same for the same bytes, key and comment. */
export async function signBytes(
  bytes: Uint8Array,
  { secret, comment }: { secret: string; comment: string },
  tools: Tools,
): Promise<string> {
  checkSecretKey(secret);
  const work = mkdtempSync(join(tmpdir(), "kubesolo-os-sign-"));
  try {
    const message = join(work, "message");
    const signature = join(work, "signature");
    writeFileSync(message, bytes);
    await tools.run(["minisign", "-S", "-s", secret, "-m", message, "-x", signature, "-t", comment]);
    return readFileSync(signature, "utf8");
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** The line of a public key's file that other files name it by. */
export function readPublicLine(path: string): string {
  return readFileSync(path, "utf8").trim().split("\n").at(-1) ?? "";
}

/** minisign would ask for a password, and nobody would be asked. */
function checkSecretKey(path: string): void {
  const kind = secretKeyKind(readKey(path));
  if (kind === "none")
    throw new UserError(`"${path}" is no secret key of minisign's`, {
      hint: "`kubesolo-os keys create DIR` makes one: DIR/release.key",
    });
  if (kind === "with password")
    throw new UserError(`the key "${path}" has a password, and none is asked for here`, {
      hint: `take a copy without one: minisign -C -W -s ${path}`,
    });
}

function readKey(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UserError(`cannot read the key "${path}"`, { cause: error });
  }
}

/** By minisign's format of secret keys: "Ed", then "Sc" when a password made the bytes unreadable. Pure. */
export function secretKeyKind(text: string): "none" | "open" | "with password" {
  const bytes = Buffer.from(text.trim().split("\n")[1] ?? "", "base64");
  if (bytes.length !== 158 || bytes.toString("latin1", 0, 2) !== "Ed") return "none";
  return bytes.toString("latin1", 2, 4) === "Sc" ? "with password" : "open";
}
