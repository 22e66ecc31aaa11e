// `apply`: writes a release into the slot that doesn't run. Whatever is refused is refused before the first byte reaches the slot.
import { otherSlot } from "../../release/boot-state.ts";
import { type Insistence, refusals } from "../../release/refusals.ts";
import { sizeOf } from "../../release/release-manifest.ts";
import { isHostFailure } from "../expected.ts";
import type { Host } from "../host.ts";
import { at, type Note, readBooks, withEvent, writeBooks } from "./books.ts";
import { readBootRecord } from "./boot-record.ts";
import { describeBox, runningSlot } from "./box.ts";
import { UpdateFailure } from "./failure.ts";
import { checkSlot, emptySlot, writeSlot } from "./slot.ts";
import { openRelease, type Release } from "./source.ts";

/** Opens a release and says whether it may be installed here; throws with all reasons why not. */
export function checkRelease(host: Host, where: string, insistence: Insistence): Release {
  const release = openRelease(host, where);
  const box = describeBox(host, readBootRecord(host), readBooks(host));
  const found = refusals(release.manifest, box, insistence);
  if (found.length === 0) return release;
  const { version, sequence } = release.manifest;
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
  const isBegun = books.note?.step === "writing" && books.note.manifest === sum && books.note.slot === slot;
  const note: Note = { slot, version, sequence, manifest: sum, source: origin, step: "writing" };
  const mib = Math.ceil(sizeOf(manifest) / 2 ** 20);
  host.print(
    "stderr",
    `${isBegun ? "going on with" : "writing"} ${version} (${mib} MiB) into slot ${slot}, from ${origin}`,
  );
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
