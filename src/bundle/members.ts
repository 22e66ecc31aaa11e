// The files of a release, in a bundle or loose in a folder. Whoever made it may mean harm: nothing is read that a bundle
// doesn't have, and nothing is in memory but what is asked for.
import { createReadStream, existsSync, lstatSync, statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { UserError } from "../lib/errors.ts";
import { bundleMembers, type MemberSize } from "../release/bundle.ts";
import { parseTarHeader, TAR_BLOCK_BYTES, tarSpace } from "../release/tar-header.ts";

export interface Member extends MemberSize {
  /** Its bytes, from the host's file. */
  readonly open: () => Readable;
}

export interface Members {
  readonly members: readonly Member[];
  /** Why this is not all that is there. */
  readonly problems: readonly string[];
}

/** No bundle has as many; others aren't read to their end. */
const MAX_MEMBERS = 20;

/** More than any tar program fills an archive up with. */
const MAX_FILLING_BYTES = 2 ** 20;

export async function readMembers(path: string): Promise<Members> {
  if (!existsSync(path)) throw new UserError(`there is no bundle or folder "${path}"`);
  if (statSync(path).isDirectory()) return { members: looseFiles(path), problems: [] };
  await using file = await open(path);
  return await readTar(file, path);
}

export function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/** Those of a release; what else lies in the folder doesn't matter. */
function looseFiles(folder: string): Member[] {
  return bundleMembers.flatMap((name) => {
    const path = join(folder, name);
    if (!existsSync(path) || !lstatSync(path).isFile()) return [];
    return [{ name, size: statSync(path).size, open: () => createReadStream(path) }];
  });
}

async function readTar(file: FileHandle, path: string): Promise<Members> {
  const { size: sizeBytes } = await file.stat();
  const members: Member[] = [];
  for (let position = 0; ; ) {
    const header = parseTarHeader(await readBlock(file, position));
    if (header === "end") return { members, problems: await fillingProblems(file, position, sizeBytes) };
    if ("refusal" in header) return { members, problems: [header.refusal] };
    if (members.length === MAX_MEMBERS)
      return { members, problems: [`it has more than ${MAX_MEMBERS} files`] };
    const start = position + TAR_BLOCK_BYTES;
    const { name, size } = header;
    position = start + tarSpace(size);
    if (position > sizeBytes) return { members, problems: [`it ends early, in "${name}"`] };
    members.push({ name, size, open: () => openPart(path, start, size) });
  }
}

async function readBlock(file: FileHandle, position: number): Promise<Uint8Array> {
  const block = Buffer.alloc(TAR_BLOCK_BYTES);
  const { bytesRead } = await file.read(block, 0, block.length, position);
  return block.subarray(0, bytesRead);
}

/** An archive's end is two blocks of zeros at least (POSIX pax, "ustar Interchange Format"), and nothing comes after it. */
async function fillingProblems(file: FileHandle, position: number, sizeBytes: number): Promise<string[]> {
  const length = sizeBytes - position;
  if (length < 2 * TAR_BLOCK_BYTES) return ["it ends early"];
  const filling = Buffer.alloc(Math.min(length, MAX_FILLING_BYTES));
  await file.read(filling, 0, filling.length, position);
  const isFilling = length <= MAX_FILLING_BYTES && filling.every((byte) => byte === 0);
  return isFilling ? [] : ["it goes on after its end"];
}

function openPart(path: string, start: number, size: number): Readable {
  // An `end` of -1 would mean all of the file.
  const end = start + size - 1;
  return size === 0 ? createReadStream("/dev/null") : createReadStream(path, { start, end });
}
