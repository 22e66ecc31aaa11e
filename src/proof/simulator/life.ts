// A box on the model: what its disk holds, and what is true of it. The agent's own pure functions decide; here is what they see and
// what comes of it.
import type { Books } from "../../agent/update/books.ts";
import type { Writer } from "../../agent/update/data.ts";
import type { Copy } from "../../release/boot-moves.ts";
import { type BootState, newest, type Slot } from "../../release/boot-state.ts";
import { broken } from "../broken.ts";

export interface Release {
  readonly version: string;
  readonly sequence: number;
  /** Of Kubernetes, "v1.37.0". */
  readonly kubernetes: string;
  readonly isGood: boolean;
}

export interface Life {
  /** The state of the boot, twice. */
  copies: [Copy, Copy];
  readonly slots: Record<Slot, { release: Release; isWhole: boolean }>;
  /** Undefined: the box is in rescue. */
  running: Slot | undefined;
  isTrial: boolean;
  /** GRUB's word for why it isn't the slot that was meant. */
  reason: string | undefined;
  books: Books;
  writer: Writer | undefined;
  /** What the cluster is: a number for each state of it. */
  cluster: number;
  readonly snapshots: Map<string, number>;
  nowMs: number;
  readonly releases: Release[];
  /** What no box knows of itself, and the promises are about. */
  readonly truth: Truth;
  /** Changes that are left before the power goes. */
  left: number;
  clusters: number;
}

interface Truth {
  /** Boots of the slot on trial since it was activated, but those that were given back. */
  tries: number;
  /** What was activated last has been started. */
  isTried: boolean;
  /** The last system that ran and counted, and the cluster that it left. */
  counted: { name: string; cluster: number } | undefined;
  /** The version that ran when the books were last settled, and how much they held. */
  told: { version: string; events: number } | undefined;
  events: number;
}

export class PowerCut extends Error {}
const powerCut = new PowerCut("the power is gone");

/** One change of what is on the disk; the power may go before it. */
export function change(life: Life, work: () => void): void {
  if (life.left === 0) throw powerCut;
  life.left -= 1;
  work();
}

const first: Release = { version: "1.0.0", sequence: 1, kubernetes: "v1.37.0", isGood: true };
const installed: BootState = { generation: 1, activeSlot: "A", floor: 1, reason: "installed" };

export function makeLife(): Life {
  const copy: Copy = { state: installed, isWritable: true };
  return {
    copies: [copy, copy],
    slots: { A: { release: first, isWhole: true }, B: { release: first, isWhole: true } },
    ...{ running: "A", isTrial: false, reason: undefined, books: { quarantine: [], history: [] } },
    ...{ writer: undefined, cluster: 0, snapshots: new Map(), nowMs: 1_767_225_600_000, releases: [first] },
    truth: { tries: 0, isTried: false, counted: { name: "A-1.0.0", cluster: 0 }, told: undefined, events: 0 },
    ...{ left: 99, clusters: 0 },
  };
}

export function stateOf({ copies }: Life): BootState | undefined {
  return newest([copies[0].state, copies[1].state]);
}

export function wholeSlots({ slots }: Life): Record<Slot, boolean> {
  return { A: slots.A.isWhole, B: slots.B.isWhole };
}

/** As the agent does it: the older copy first; a cut may tear it. */
export function writeState(life: Life, next: BootState): void {
  const before = stateOf(life);
  if (before !== undefined && next.floor < before.floor) broken("the floor never falls");
  const newer = life.copies[0].state === before ? 0 : 1;
  for (const copy of [1 - newer, newer] as const) {
    change(life, () => {
      life.copies[copy as 0 | 1] = { state: undefined, isWritable: false };
    });
    change(life, () => {
      life.copies[copy as 0 | 1] = { state: next, isWritable: true };
    });
    if (before !== undefined && stateOf(life) === undefined)
      broken("a copy of the state counts at any moment");
  }
}

export function writeBooks(life: Life, books: Books): void {
  if (books.history !== life.books.history) life.truth.events += 1;
  life.books = books;
}

/** The system that runs, by name. */
export function nameOf(life: Life, slot: Slot): string {
  return `${slot}-${life.slots[slot].release.version}`;
}
