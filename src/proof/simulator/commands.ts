// The agent's commands on a box, and what must hold while they work.
import { withEvent, withoutNote, withQuarantined } from "../../agent/update/books.ts";
import { isNamed, type Writer } from "../../agent/update/data.ts";
import { isOnTrial, isWaiting, MAX_TRIES, otherSlot, type Slot } from "../../release/boot-state.ts";
import { refusals } from "../../release/refusals.ts";
import { nextState, standingOf } from "../../release/run-moves.ts";
import { broken } from "../broken.ts";
import { confirmWriter, event, mendCopies, writeNext } from "./changes.ts";
import { change, type Life, nameOf, type Release, stateOf, writeBooks, writeState } from "./life.ts";
import { manifestOf } from "./manifest.ts";

export function apply(life: Life, running: Slot, release: Release | undefined, again: boolean): void {
  if (release === undefined) return;
  const state = stateOf(life);
  const box = {
    ...{ architecture: "amd64", profile: "vm", version: life.slots[running].release.version },
    ...{
      isConfirmed: !isOnTrial(state, running) && !life.isTrial,
      floor: state?.floor ?? 0,
      quarantine: life.books.quarantine,
    },
    ...{
      slotBytes: 2 ** 29,
      freeDataBytes: 2 ** 30,
      snapshotBytes: 0,
      isUpdating: isWaiting(state, running),
    },
    isOtherNext: standingOf(state, running) === "displaced",
  };
  if (refusals(manifestOf(release), box, { again, allowDowngrade: again }).length > 0) return;
  if (life.books.quarantine.includes(release.version) && !again)
    broken("what failed isn't taken again by itself");
  const slot = otherSlot(running);
  const note = {
    slot,
    version: release.version,
    sequence: release.sequence,
    manifest: "sum",
    source: "/srv",
  };
  const { note: noted } = life.books;
  if (state?.activeSlot === slot && state.trial === undefined) broken("what is started next isn't written");
  const isThere = noted?.version === release.version && noted.slot === slot && noted.step === "written";
  if (isThere && life.slots[slot].isWhole) return;
  mendCopies(life);
  change(life, () => writeBooks(life, { ...life.books, note: { ...note, step: "writing" } }));
  change(life, () => {
    life.slots[slot] = { release: life.slots[slot].release, isWhole: false };
  });
  change(life, () => {
    life.slots[slot] = { release, isWhole: true };
  });
  const applied = withEvent(
    { ...life.books, note: { ...note, step: "written" } },
    event(life, "applied", slot),
  );
  change(life, () => writeBooks(life, applied));
}

export function activate(life: Life, running: Slot): void {
  const { note } = life.books;
  if (note === undefined || note.step === "writing" || note.slot === running) return;
  const next = nextState(stateOf(life), running, "activate", undefined, note.generation);
  const { release, isWhole } = life.slots[note.slot];
  if (next === undefined || !isWhole || release.version !== note.version) return;
  if (next.activeSlot !== note.slot || life.slots[next.activeSlot].isWhole === false)
    broken("nothing is activated that doesn't verify");
  if (
    isWaiting(stateOf(life), running) &&
    note.step === "activated" &&
    note.generation === stateOf(life)?.generation
  )
    return;
  nameWriter(life, running);
  const activated = { ...note, step: "activated", generation: next.generation } as const;
  const books = withEvent({ ...life.books, note: activated }, event(life, "activated", note.slot));
  change(life, () => writeBooks(life, books));
  life.truth.tries = 0;
  life.truth.isTried = false;
  writeState(life, next);
}

export function confirm(life: Life, running: Slot): void {
  const { version, sequence } = life.slots[running].release;
  if (!life.slots[running].isWhole) return;
  writeNext(life, running, "confirm", sequence);
  life.isTrial = false;
  life.truth.counted = { name: nameOf(life, running), cluster: life.cluster };
  confirmWriter(life);
  const quarantine = life.books.quarantine.filter((each) => each !== version);
  const books = withEvent({ ...withoutNote(life.books), quarantine }, event(life, "confirmed", running));
  change(life, () => writeBooks(life, books));
}

export function rollBack(life: Life, running: Slot, cause: "rollback" | "unhealthy", again: boolean): void {
  const state = stateOf(life);
  const { note } = life.books;
  if (isWaiting(state, running)) {
    writeNext(life, running, "rollback");
    if (note !== undefined)
      change(life, () => writeBooks(life, { ...life.books, note: { ...note, step: "written" } }));
    return;
  }
  const other = otherSlot(running);
  if (note?.slot === other || !life.slots[other].isWhole) return;
  if (life.books.quarantine.includes(life.slots[other].release.version) && !again) return;
  const { version } = life.slots[running].release;
  const wasOnTrial = isOnTrial(state, running);
  if (standingOf(state, running) === "confirmed") nameWriter(life, running);
  writeNext(life, running, cause);
  const books = withoutNote(life.books);
  change(life, () =>
    writeBooks(
      life,
      wasOnTrial
        ? withEvent(withQuarantined(books, version), event(life, "failed", running))
        : withEvent(books, event(life, "rolled back", running)),
    ),
  );
}

export function giveTryBack(life: Life, running: Slot): void {
  const before = stateOf(life);
  if (!life.isTrial || before?.trial === MAX_TRIES) return;
  try {
    writeNext(life, running, "clean reboot");
  } finally {
    // One whole copy is enough.
    if (stateOf(life) !== before) life.truth.tries = Math.max(0, life.truth.tries - 1);
  }
}

/** Who counts now has written last. */
function nameWriter(life: Life, running: Slot): void {
  const { version, kubernetes } = life.slots[running].release;
  const self: Writer = { slot: running, version, kubernetes, isConfirmed: true };
  if (!isNamed(life.writer, self))
    change(life, () => {
      life.writer = self;
    });
}
