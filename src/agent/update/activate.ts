// Which slot starts next: `activate`, `confirm`, `rollback`. Nothing between two of them is trusted: each looks at the slot anew.
import {
  type BootState,
  isOnTrial,
  isWaiting,
  MAX_TRIES,
  otherSlot,
  type Reason,
  type Slot,
} from "../../release/boot-state.ts";
import type { Host } from "../host.ts";
import { places } from "../places.ts";
import { at, type Books, readBooks, withEvent, withoutNote, withQuarantined, writeBooks } from "./books.ts";
import { type BootRecord, readBootRecord, writeBootState } from "./boot-record.ts";
import { readSystem, runningSlot } from "./box.ts";
import { confirmWriter, nameWriter } from "./data.ts";
import { UpdateFailure } from "./failure.ts";
import { gateLimits } from "./gate.ts";
import { readBaseline } from "./health.ts";
import { checkSlot, checkWhole } from "./slot.ts";

/** The state that counts; one that was lost is what runs. */
export function stateOf({ state }: BootRecord, running: Slot): BootState {
  return state ?? { generation: 1, activeSlot: running, floor: 0, reason: "state-lost" };
}

/** What `apply` wrote is on trial from the next boot on. Returns its version. */
export function activate(host: Host): string {
  const { books, record, running } = look(host);
  const { note } = books;
  if (note === undefined || note.step === "writing")
    throw new UpdateFailure("nothing has been written that could be activated", "kubesolo-os-agent apply");
  if (note.slot === running) throw new UpdateFailure(`${note.version} runs already`);
  if (isOnTrial(record.state, running))
    throw new UpdateFailure(
      "the running system is on trial itself",
      "wait until it is confirmed, or roll back",
    );
  checkSlot(host, note.slot, note.manifest);
  const event = { what: "activated", version: note.version, slot: note.slot } as const;
  const { version, kubernetes } = readSystem(host);
  nameWriter(host, { slot: running, version, kubernetes, isConfirmed: true });
  const generation = stateOf(record, running).generation + 1;
  const activated = {
    ...note,
    step: "activated",
    generation,
    baseline: readBaseline(host, gateLimits),
  } as const;
  writeBooks(host, withEvent({ ...books, note: activated }, at(host, event)));
  writeNext(host, record, running, { activeSlot: note.slot, trial: MAX_TRIES, reason: "activated" });
  return note.version;
}

/** The running system counts from now on. `late`: what isn't as it was, and decides nothing. */
export function confirm(host: Host, late: readonly string[] = []): string {
  const { books, record, running } = look(host);
  const { version } = readSystem(host);
  if (!isOnTrial(record.state, running))
    throw new UpdateFailure(`${version}, in slot ${running}, isn't on trial`);
  const { sequence } = checkSlot(host, running, books.note?.manifest);
  const floor = Math.max(stateOf(record, running).floor, sequence);
  writeNext(host, record, running, { activeSlot: running, reason: "confirmed", floor });
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
  { reason = "rollback", again = false }: RollBack = {},
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
  writeNext(host, record, running, { activeSlot: other, reason });
  host.writeFile(places.trialEnded, "");
  const event = { what: wasOnTrial ? "failed" : "rolled back", version, slot: running, why } as const;
  const rest = wasOnTrial ? withQuarantined(withoutNote(books), version) : withoutNote(books);
  writeBooks(host, withEvent(rest, at(host, event)));
  return other;
}

export interface RollBack {
  readonly reason?: Reason;
  readonly again?: boolean;
}

/** It is only written then, as before. */
function callOff(host: Host, record: BootRecord, books: Books, running: Slot): Slot {
  writeNext(host, record, running, { activeSlot: running, reason: "rollback" });
  if (books.note !== undefined) writeBooks(host, { ...books, note: { ...books.note, step: "written" } });
  return running;
}

/** A try that ends because somebody restarts the machine costs nothing. */
export function giveTryBack(host: Host): void {
  const { record, running } = look(host);
  const { trial } = stateOf(record, running);
  if (!isOnTrial(record.state, running) || trial === undefined || trial >= MAX_TRIES) return;
  writeNext(host, record, running, {
    activeSlot: running,
    trial: (trial + 1) as 1 | 2 | 3,
    reason: "activated",
  });
}

type Next = Pick<BootState, "activeSlot" | "reason"> & Partial<Pick<BootState, "trial" | "floor">>;

export function writeNext(host: Host, record: BootRecord, running: Slot, next: Next): void {
  const { generation, floor } = stateOf(record, running);
  writeBootState(host, record, { floor, ...next, generation: generation + 1 });
}

function look(host: Host): { books: Books; record: BootRecord; running: Slot } {
  const running = runningSlot(host);
  return { books: readBooks(host), record: readBootRecord(host), running };
}
