// One step of a box's life, and what must hold after it (the promises of docs/updates.md).
import type { HistoryEvent } from "../../agent/update/books.ts";
import { withEvent, withoutNote, withQuarantined } from "../../agent/update/books.ts";
import { decideData, type Writer } from "../../agent/update/data.ts";
import { settle } from "../../agent/update/settle.ts";
import { decideBoot } from "../../release/boot-moves.ts";
import { isOnTrial, isWaiting, MAX_TRIES, otherSlot, type Slot } from "../../release/boot-state.ts";
import { refusals } from "../../release/refusals.ts";
import { type Event, nextState, standingOf } from "../../release/run-moves.ts";
import { broken } from "../broken.ts";
import {
  change,
  type Life,
  nameOf,
  PowerCut,
  type Release,
  stateOf,
  wholeSlots,
  writeBooks,
  writeState,
} from "./life.ts";
import { manifestOf } from "./manifest.ts";
import { type Step, WHOLE } from "./step.ts";

export function live(life: Life, step: Step): void {
  life.left = "cut" in step ? step.cut : WHOLE;
  try {
    carryOut(life, step);
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
    life.left = WHOLE;
    boot(life);
  }
}

function carryOut(life: Life, step: Step): void {
  const { running } = life;
  switch (step.do) {
    case "boot":
      boot(life);
      return;
    case "publish":
      publish(life, step.isGood, step.kubernetes);
      return;
    case "set clock":
      life.nowMs = step.atMs;
      return;
    case "rot slot":
      life.slots[step.slot].isWhole = false;
      return;
    case "rot copy":
      life.copies[step.copy] = { state: undefined, isWritable: false };
      // The other one may know of a try less.
      life.truth.tries = Math.max(0, life.truth.tries - 1);
      return;
    case "reset":
      change(life, () => forget(life));
      boot(life);
      return;
    default:
      // In rescue nothing runs that could do more.
      if (running !== undefined) run(life, running, step);
  }
}

function run(life: Life, running: Slot, step: Step): void {
  work(life, running);
  switch (step.do) {
    case "apply":
      apply(life, running, life.releases.at(-1 - step.back) ?? life.releases[0], step.again);
      return;
    case "activate":
      activate(life, running);
      return;
    case "watch":
      if (!isOnTrial(stateOf(life), running)) return;
      if (life.slots[running].release.isGood) {
        confirm(life, running);
        return;
      }
      change(life, () => writeBooks(life, withEvent(life.books, event(life, "try failed", running))));
      boot(life);
      return;
    case "give up":
      if (!isOnTrial(stateOf(life), running) || life.slots[running].release.isGood) return;
      // Nothing to go back to: init restarts the machine a quarter of an hour later.
      if (!life.slots[otherSlot(running)].isWhole) return;
      rollBack(life, running, "unhealthy", true);
      boot(life);
      return;
    case "roll back":
      rollBack(life, running, "rollback", step.again);
      return;
    case "restart":
      giveTryBack(life, running);
      boot(life);
      return;
    default:
      return;
  }
}

function giveTryBack(life: Life, running: Slot): void {
  const before = stateOf(life);
  if (!life.isTrial || before?.trial === MAX_TRIES) return;
  try {
    writeNext(life, running, "clean reboot");
  } finally {
    // One whole copy is enough.
    if (stateOf(life) !== before) life.truth.tries = Math.max(0, life.truth.tries - 1);
  }
}

/** The cluster goes on living. What a system that counts leaves is what it must find again. */
function work(life: Life, running: Slot): void {
  life.clusters += 1;
  life.cluster = life.clusters;
  const name = nameOf(life, running);
  if (!life.isTrial || life.truth.counted?.name === name)
    life.truth.counted = { name, cluster: life.cluster };
}

/** Power on: GRUB, then the data, then the books. */
export function boot(life: Life): void {
  const before = stateOf(life);
  const verifies = wholeSlots(life);
  const { slot, reason, write } = decideBoot(life.copies, verifies);
  if (write !== undefined)
    change(life, () => {
      life.copies[write.copy] = { state: write.state, isWritable: true };
    });
  if ((slot !== undefined) !== (verifies.A || verifies.B)) broken("a slot starts if one verifies");
  life.running = slot;
  life.reason = reason;
  if (slot === undefined) return;
  if (!verifies[slot]) broken("no slot starts that doesn't verify");
  if (before !== undefined && before.trial === undefined && verifies[before.activeSlot]) {
    if (slot !== before.activeSlot || reason !== undefined || write !== undefined)
      broken("a confirmed slot is left on evidence alone, and nothing is written");
  }
  life.isTrial = before?.trial !== undefined && before.trial > 0 && before.activeSlot === slot;
  if (life.isTrial && write !== undefined) life.truth.tries += 1;
  if (life.truth.tries > MAX_TRIES) broken("what is on trial has three tries");
  prepareData(life, slot);
  settleBooks(life, slot);
}

function prepareData(life: Life, slot: Slot): void {
  const { version, kubernetes } = life.slots[slot].release;
  const self: Writer = { slot, version, kubernetes, isConfirmed: !life.isTrial };
  const name = nameOf(life, slot);
  if (life.writer !== undefined) {
    const { writer } = life;
    const move = decideData(self, writer, [...life.snapshots.keys()]);
    if (move.do === "snapshot") change(life, () => keepSnapshot(life, move.name));
    if (move.do === "restore") {
      const { keeps } = move;
      if (keeps !== undefined) {
        change(life, () => keepSnapshot(life, keeps, move.name));
        change(life, () => {
          life.writer = { ...writer, isKept: true };
        });
      }
      change(life, () => {
        life.cluster = HALF;
      });
      change(life, () => {
        life.cluster = life.snapshots.get(move.name) ?? HALF;
      });
    }
    change(life, () => {
      if (move.do !== "nothing") life.writer = self;
    });
  }
  const { counted } = life.truth;
  if (counted?.name === name && counted.cluster !== life.cluster)
    broken("back to the old system is back to the cluster that it left");
  if (life.cluster === HALF) broken("no system runs on parts of two clusters");
  // A boot comes to nothing before its engine starts, or it writes.
  if (!life.isTrial) life.truth.counted = { name, cluster: life.cluster };
}

/** Parts of two. */
const HALF = -1;

function keepSnapshot(life: Life, name: string, needed?: string): void {
  life.snapshots.delete(name);
  const others = [...life.snapshots.keys()].filter((each) => each !== needed);
  for (const old of others.slice(0, Math.max(0, others.length - (needed === undefined ? 1 : 0))))
    life.snapshots.delete(old);
  life.snapshots.set(name, life.cluster);
}

function settleBooks(life: Life, running: Slot): void {
  const { version } = life.slots[running].release;
  const state = stateOf(life);
  const settled = settle(life.books, {
    ...{ running, version, nowMs: life.nowMs, state },
    ...(life.reason === undefined ? {} : { reason: life.reason }),
  });
  if (settled.takesOver) writeNext(life, running, "start");
  if (!settled.isOnTrial) mendCopies(life);
  if (settled.isConfirmed) confirmWriter(life);
  if (settled.books !== life.books) change(life, () => writeBooks(life, settled.books));
  const { note } = life.books;
  const now = stateOf(life);
  if (note?.step === "activated" && !isOnTrial(now, running) && !isWaiting(now, running))
    broken("what became of an update is settled");
  const { told, events } = life.truth;
  if (told !== undefined && told.version !== version && told.events === events)
    broken("each change of system is told");
  life.truth.told = { version, events };
}

function apply(life: Life, running: Slot, release: Release | undefined, again: boolean): void {
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

/** An older copy names the slot as it was, and could bring what is written now to a start untried. */
function mendCopies(life: Life): void {
  const state = stateOf(life);
  if (state !== undefined && JSON.stringify(life.copies[0]) !== JSON.stringify(life.copies[1]))
    writeState(life, state);
}

function activate(life: Life, running: Slot): void {
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
  writeState(life, next);
}

function confirm(life: Life, running: Slot): void {
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

function confirmWriter(life: Life): void {
  const { writer } = life;
  if (writer !== undefined && !writer.isConfirmed)
    change(life, () => {
      life.writer = { ...writer, isConfirmed: true };
    });
}

/** Who counts now has written last. */
function nameWriter(life: Life, running: Slot): void {
  const { version, kubernetes } = life.slots[running].release;
  const self: Writer = { slot: running, version, kubernetes, isConfirmed: true };
  const { writer } = life;
  const isSame =
    writer?.isConfirmed && !writer.isKept && `${writer.slot}-${writer.version}` === nameOf(life, running);
  if (!isSame)
    change(life, () => {
      life.writer = self;
    });
}

function rollBack(life: Life, running: Slot, cause: "rollback" | "unhealthy", again: boolean): void {
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

/** Whether there was anything to write. */
function writeNext(life: Life, running: Slot, what: Event, sequence = 0): boolean {
  const next = nextState(stateOf(life), running, what, sequence, life.books.note?.generation);
  if (next !== undefined) writeState(life, next);
  return next !== undefined;
}

/** What a reset keeps: what failed here, and the state of the boot. */
function forget(life: Life): void {
  life.writer = undefined;
  life.snapshots.clear();
  life.clusters += 1;
  life.cluster = life.clusters;
  life.truth.counted = undefined;
}

function publish(life: Life, isGood: boolean, kubernetes: boolean): void {
  const last = life.releases.at(-1);
  const number = life.releases.length;
  const minor = Number(last?.kubernetes.split(".")[1] ?? 37) + (kubernetes ? 1 : 0);
  life.releases.push({ version: `1.${number}.0`, sequence: number + 1, kubernetes: `v1.${minor}.0`, isGood });
}

function event(life: Life, what: HistoryEvent["what"], slot: Slot): HistoryEvent {
  return { atMs: life.nowMs, what, version: life.slots[slot].release.version, slot };
}
