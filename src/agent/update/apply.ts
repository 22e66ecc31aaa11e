// `apply`: writes a release into the slot that doesn't run. Whatever is refused is refused before the first byte reaches the slot.
import { otherSlot } from "../../release/boot-state.ts";
import { type Insistence, refusals } from "../../release/refusals.ts";
import { sizeOf } from "../../release/release-manifest.ts";
import { isHostFailure } from "../expected.ts";
import type { Host } from "../host.ts";
import { at, type Note, readBooks, withEvent, writeBooks } from "./books.ts";
import { mendBootState, readBootRecord } from "./boot-record.ts";
import { describeBox, runningSlot } from "./box.ts";
import { UpdateFailure } from "./failure.ts";
import { checkSlot, emptySlot, writeSlot } from "./slot.ts";
import { openSource, type Release, type UpToDate } from "./source/source.ts";

export interface Ask {
  readonly insistence: Insistence;
  /** Of a folder with channels. */
  readonly channel?: string;
  /** Nobody is there who would insist: what is no newer than what ran here is nothing to install. */
  readonly isUnattended?: boolean;
}

/** Opens a release and says whether it may be installed here, or that there is nothing new; throws with all reasons why not. */
export function checkRelease(
  host: Host,
  where: string,
  { insistence, channel, isUnattended }: Ask,
): Release | UpToDate {
  const box = describeBox(host, readBootRecord(host), readBooks(host));
  const release = openSource(host, where, { box, insistence, ...(channel !== undefined && { channel }) });
  if ("upToDate" in release) return release;
  const { version, sequence } = release.manifest;
  if (isUnattended && sequence <= box.floor)
    return { upToDate: `${where} has ${version}, which is no newer than what ran here` };
  const found = refusals(release.manifest, box, insistence);
  if (found.length === 0) return release;
  const reasons = found.map(({ why, hint }) => `  ${why}${hint === undefined ? "" : ` (${hint})`}`);
  throw new UpdateFailure(
    [`${version}, sequence ${sequence}, can't be installed here:`, ...reasons].join("\n"),
  );
}

/** Writes a release that `checkRelease` let through, and reads it back. */
export function applyRelease(host: Host, release: Release): Note {
  const { manifest, origin } = release;
  const { version, sequence } = manifest;
  const slot = otherSlot(runningSlot(host));
  const books = readBooks(host);
  const sum = host.sha256(release.signed);
  const isNoted = books.note?.manifest === sum && books.note.slot === slot;
  if (isNoted && books.note?.step === "written" && isWhole(host, books.note)) return books.note;
  const isBegun = isNoted && books.note?.step === "writing";
  const note: Note = { slot, version, sequence, manifest: sum, source: origin, step: "writing" };
  const mib = Math.ceil(sizeOf(manifest) / 2 ** 20);
  host.print(
    "stderr",
    `${isBegun ? "going on with" : "writing"} ${version} (${mib} MiB) into slot ${slot}, from ${origin}`,
  );
  mendBootState(host, readBootRecord(host));
  if (!isBegun) {
    // Before the slot loses what it has: what is noted of it isn't true any more.
    writeBooks(host, { ...books, note });
    emptySlot(host, slot);
  }
  try {
    writeAndCheck(host, note, release);
  } catch (error) {
    // What was there before the power went may be damaged, and can't be gone on with.
    if (!isBegun || !isDamage(error)) throw error;
    host.print("stderr", `${error.message}; beginning anew`);
    emptySlot(host, slot);
    writeAndCheck(host, note, release);
  }
  const written: Note = { ...note, step: "written" };
  const event = at(host, { what: "applied", version, slot, why: `from ${origin}` });
  writeBooks(host, withEvent({ ...readBooks(host), note: written }, event));
  return written;
}

/** What an earlier `apply` wrote needn't be written again. */
function isWhole(host: Host, { slot, version, manifest }: Note): boolean {
  host.print("stderr", `${version} is in slot ${slot} already; reading it back`);
  try {
    checkSlot(host, slot, manifest);
    return true;
  } catch (error) {
    if (!isDamage(error)) throw error;
    host.print("stderr", `${error.message}; writing it anew`);
    return false;
  }
}

/** Not a source that doesn't answer, nor a full disk: that would be no better from the beginning. */
function isDamage(error: unknown): error is Error {
  if (error instanceof UpdateFailure) return true;
  return ["EFBIG", "EIO", "EUCLEAN", "EBADMSG"].some((code) => isHostFailure(error, code));
}

function writeAndCheck(host: Host, { slot, manifest }: Note, release: Release): void {
  writeSlot(host, slot, release);
  host.print("stderr", "reading it back");
  checkSlot(host, slot, manifest);
}
