// A boot of a box, and what must hold after it.
import { decideData, type Writer } from "../../agent/update/data.ts";
import { settle } from "../../agent/update/settle.ts";
import { decideBoot } from "../../release/boot-moves.ts";
import { isOnTrial, isWaiting, MAX_TRIES, type Slot } from "../../release/boot-state.ts";
import { broken } from "../broken.ts";
import { confirmWriter, mendCopies, writeNext } from "./changes.ts";
import { change, type Life, nameOf, stateOf, wholeSlots, writeBooks } from "./life.ts";

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
  if (life.isTrial) life.truth.isTried = true;
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
  const isAccused = settled.books.quarantine.length > life.books.quarantine.length;
  // Of a state that was lost nobody knows whether it ran.
  const why = life.reason ?? state?.reason;
  if (isAccused && !life.truth.isTried && why !== "slot-damaged" && why !== "state-lost")
    broken("what never ran hasn't failed");
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
