// A person's folder of keys: root.key and release.key with their public halves, keys.json, and the root key's signature of it.
// What counted before lies in old/.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { readUpdateKeys } from "../image/baked/update-keys.ts";
import { UserError } from "../lib/errors.ts";
import type { Tools } from "../lib/locked-tools.ts";
import { nodeMath } from "../lib/signature-math.ts";
import { signatureFiles } from "../release/channel.ts";
import { rotateKeys, type UpdateKeys, UpdateKeysSchema } from "../release/update-keys.ts";
import { firstKeys, formatKeys, type KeysFile, nextKeys } from "./keys-file.ts";
import { makeKeyPair, readPublicLine, signBytes } from "./minisign.ts";

export const KEYS_FILE = "keys.json";

/** In it, a folder a number: what counted before. */
export const OLD_KEYS = "old";

/** By a root key that counts now, and by one that counts from now on. */
const SIGNATURES = signatureFiles(KEYS_FILE);

const FILES = ["root.key", "root.pub", "release.key", "release.pub", KEYS_FILE, SIGNATURES[0]] as const;

/** Makes a folder's first keys; refuses to touch those that are there. */
export async function createKeys(folder: string, tools: Tools): Promise<void> {
  const present = FILES.filter((name) => existsSync(join(folder, name)));
  if (present.length > 0)
    throw new UserError(`"${folder}" has keys already: ${present.join(", ")}`, {
      hint: "`kubesolo-os keys rotate` makes new ones; a lost root key can't be made again",
    });
  await inWork(folder, async (work) => {
    for (const name of ["root", "release"]) await makePair(work, name, tools);
    const text = formatKeys(
      firstKeys(readPublicLine(join(work, "root.pub")), readPublicLine(join(work, "release.pub"))),
    );
    writeFileSync(join(work, KEYS_FILE), text);
    const comment = commentOf(1);
    const signature = await signBytes(Buffer.from(text), { secret: join(work, "root.key"), comment }, tools);
    writeFileSync(join(work, SIGNATURES[0]), signature);
    moveInto(folder, work, FILES);
  });
}

/** Makes a new release key, and with `isRootNew` a new root key; the number of the keys after it. */
export async function rotateFolder(folder: string, isRootNew: boolean, tools: Tools): Promise<number> {
  const { file, keys } = readKeysFolder(folder);
  return inWork(folder, async (work) => {
    const pairs = ["release", ...(isRootNew ? ["root"] : [])];
    for (const name of pairs) await makePair(work, name, tools);
    const replacement = (name: string) => ({
      old: readPublicLine(join(folder, `${name}.pub`)),
      new: readPublicLine(join(work, `${name}.pub`)),
    });
    const next = nextKeys(file, {
      release: replacement("release"),
      ...(isRootNew && { root: replacement("root") }),
    });
    const text = formatKeys(next);
    const bytes = Buffer.from(text);
    const secrets = [join(folder, "root.key"), ...(isRootNew ? [join(work, "root.key")] : [])];
    const signatures: string[] = [];
    for (const secret of secrets)
      signatures.push(await signBytes(bytes, { secret, comment: commentOf(next.number) }, tools));
    checkRotation(keys, { bytes, text, signatures });
    writeFileSync(join(work, KEYS_FILE), text);
    signatures.forEach((signature, index) => {
      writeFileSync(join(work, SIGNATURES[index] ?? ""), signature);
    });
    const names = pairs.flatMap((name) => [`${name}.key`, `${name}.pub`]);
    setAside(folder, [...names, KEYS_FILE, ...SIGNATURES], file.number);
    moveInto(folder, work, [...names, ...SIGNATURES.slice(0, signatures.length), KEYS_FILE]);
    return next.number;
  });
}

function readKeysFolder(folder: string): { file: KeysFile; keys: UpdateKeys } {
  const path = join(folder, KEYS_FILE);
  const keys = readUpdateKeys(path);
  const missing = FILES.filter((name) => !existsSync(join(folder, name)));
  if (missing.length > 0)
    throw new UserError(`"${folder}" has no ${missing.join(", ")}`, {
      hint: "new keys count only when the root key signs them",
    });
  return { file: v.parse(UpdateKeysSchema, JSON.parse(readFileSync(path, "utf8"))), keys };
}

/** As a device will judge them: nothing is written that no device would take. */
function checkRotation(keys: UpdateKeys, next: Parameters<typeof rotateKeys>[1]): void {
  const verdict = rotateKeys(keys, next, nodeMath);
  if ("keys" in verdict) return;
  throw new UserError(`no device would take the new keys: ${verdict.refusal}`, {
    hint: "is root.key the key of root.pub? Keys of several people are put together by hand, with minisign",
  });
}

async function makePair(folder: string, name: string, tools: Tools): Promise<void> {
  await makeKeyPair(join(folder, `${name}.key`), join(folder, `${name}.pub`), tools);
}

/** Keys that are half made lie in a folder of their own. */
async function inWork<T>(folder: string, make: (work: string) => Promise<T>): Promise<T> {
  const work = join(folder, ".new");
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true, mode: 0o700 });
  try {
    return await make(work);
  } finally {
    rmSync(work, { recursive: true });
  }
}

function moveInto(folder: string, work: string, names: readonly string[]): void {
  for (const name of names) renameSync(join(work, name), join(folder, name));
}

/** A device that missed some needs them all, one after the other. */
function setAside(folder: string, names: readonly string[], number: number): void {
  const old = join(folder, OLD_KEYS, String(number));
  mkdirSync(old, { recursive: true, mode: 0o700 });
  for (const name of names)
    if (existsSync(join(folder, name))) renameSync(join(folder, name), join(old, name));
}

function commentOf(number: number): string {
  return `kubesolo-os keys ${number}`;
}
