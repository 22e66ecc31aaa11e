// Which slot starts next: `activate`, `confirm`, `rollback`. Nothing between two of them is trusted: each looks at the slot anew.
import { isOnTrial, isWaiting, MAX_TRIES, otherSlot, type Slot } from "../../release/boot-state.ts";
import { type Event, nextState, standingOf } from "../../release/run-moves.ts";
import type { Host } from "../host.ts";
import { places } from "../places.ts";
import { at, type Books, readBooks, withEvent, withoutNote, withQuarantined, writeBooks } from "./books.ts";
import { type BootRecord, readBootRecord, writeBootState } from "./boot-record.ts";
import { readSystem, runningSlot } from "./box.ts";
import { confirmWriter, nameWriter } from "./data.ts";
import { UpdateFailure } from "./failure.ts";
import { gateLimits } from "./health/gate.ts";
import { readBaseline } from "./health/health.ts";
import { markActivated, withLastWords } from "./last-words.ts";
import { checkSlot, checkWhole } from "./slot.ts";

/** What `apply` wrote is on trial from the next boot on. Returns its version. */
export function activate(host: Host): string {
  const { books, record, running } = look(host);
  const { note } = books;
  if (note === undefined || note.step === "writing")
    throw new UpdateFailure("nothing has been written that could be activated", "kubesolo-os-agent apply");
  if (note.slot === running) throw new UpdateFailure(`${note.version} runs already`);
  const next = nextState(record.state, running, "activate", undefined, note.generation);
  if (next === undefined)
    throw new UpdateFailure(
      "the running system is on trial itself",
      "wait until it is confirmed, or roll back",
    );
  checkSlot(host, note.slot, note.manifest);
  // It waits for its first boot: a second generation of the same would belie the first, if the power leaves that one.
  const isDone = isWaiting(record.state, running) && note.generation === record.state?.generation;
  if (isDone && note.step === "activated") return note.version;
  const event = { what: "activated", version: note.version, slot: note.slot } as const;
  nameRunning(host, running);
  const activated = {
    ...note,
    step: "activated",
    generation: next.generation,
    baseline: readBaseline(host, gateLimits),
  } as const;
  writeBooks(host, withEvent({ ...books, note: activated }, at(host, event)));
  markActivated(host, note);
  writeBootState(host, record, next);
  return note.version;
}

/** The running system counts from now on. `late`: what isn't as it was, and decides nothing. */
export function confirm(host: Host, late: readonly string[] = []): string {
  const { books, record, running } = look(host);
  const { version } = readSystem(host);
  if (!isOnTrial(record.state, running))
    throw new UpdateFailure(`${version}, in slot ${running}, isn't on trial`);
  const { sequence } = checkSlot(host, running, books.note?.manifest);
  writeNext(host, record, running, "confirm", sequence);
  confirmWriter(host);
  host.writeFile(places.trialEnded, "");
  const why = late.length === 0 ? {} : { why: `not as before: ${late.join("; ")}` };
  const event = { what: "confirmed", version, slot: running, ...why } as const;
  const quarantine = books.quarantine.filter((each) => each !== version);
  writeBooks(host, withEvent({ ...withoutNote(books), quarantine }, at(host, event)));
  return version;
}

/**
 * The other slot counts from the next boot on, as it was when it ran; where an update waits for its first boot, it doesn't come to that.
 * A system that is on trial isn't tried again by itself. Returns the slot that is started next.
 */
export function rollBack(
  host: Host,
  why: string,
  { event: cause = "rollback", again = false }: RollBack = {},
): Slot {
  const { books, record, running } = look(host);
  if (isWaiting(record.state, running)) return callOff(host, record, books, running);
  const other = otherSlot(running);
  const { note } = books;
  if (note?.slot === other)
    throw new UpdateFailure(
      `slot ${other} holds ${note.version}, which never ran, and nothing to go back to`,
      note.step === "written"
        ? "kubesolo-os-agent activate has it tried"
        : "kubesolo-os-agent apply goes on with it",
    );
  const { version: before } = checkWhole(host, other);
  if (books.quarantine.includes(before) && !again)
    throw new UpdateFailure(
      `${before}, in slot ${other}, failed here before`,
      "with --again it is started all the same",
    );
  const { version } = readSystem(host);
  const wasOnTrial = isOnTrial(record.state, running);
  if (standingOf(record.state, running) === "confirmed") nameRunning(host, running);
  writeNext(host, record, running, cause);
  host.writeFile(places.trialEnded, "");
  const event = { what: "rolled back", version, slot: running, why } as const;
  const back = { version: before, slot: other };
  if (!wasOnTrial) writeBooks(host, withEvent(withoutNote(books), at(host, event)));
  else {
    const tries = MAX_TRIES - (record.state?.trial ?? 0);
    const failed = withLastWords(host, at(host, { ...event, what: "failed", back, tries }));
    writeBooks(host, withEvent(withQuarantined(withoutNote(books), version), failed));
  }
  return other;
}

export interface RollBack {
  readonly event?: "rollback" | "unhealthy";
  readonly again?: boolean;
}

/** It is only written then, as before. */
function callOff(host: Host, record: BootRecord, books: Books, running: Slot): Slot {
  writeNext(host, record, running, "rollback");
  if (books.note !== undefined) writeBooks(host, { ...books, note: { ...books.note, step: "written" } });
  return running;
}

/** A try that ends because somebody restarts the machine costs nothing. */
export function giveTryBack(host: Host): void {
  const { record, running } = look(host);
  // All of them are left.
  if (record.state?.trial === MAX_TRIES) return;
  writeNext(host, record, running, "clean reboot");
}

function nameRunning(host: Host, running: Slot): void {
  const { version, kubernetes } = readSystem(host);
  nameWriter(host, { slot: running, version, kubernetes, isConfirmed: true });
}

/** Nothing is written where the event changes nothing. */
export function writeNext(
  host: Host,
  record: BootRecord,
  running: Slot,
  event: Event,
  sequence?: number,
): void {
  const next = nextState(record.state, running, event, sequence, readBooks(host).note?.generation);
  if (next !== undefined) writeBootState(host, record, next);
}

function look(host: Host): { books: Books; record: BootRecord; running: Slot } {
  const running = runningSlot(host);
  return { books: readBooks(host), record: readBootRecord(host), running };
}
