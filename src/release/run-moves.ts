// What a running system makes of the state of the boot: one table, beside that of what a boot starts (boot-moves.ts). Pure.
import {
  type BootState,
  isOnTrial,
  isWaiting,
  MAX_GENERATION,
  MAX_TRIES,
  otherSlot,
  type Reason,
  type Slot,
} from "./boot-state.ts";

/**
 * How the slot that runs stands to the state. `lost`: no copy counts. `waiting`: the other one was activated, and waits for its
 * first boot. `displaced`: the other one counts, and isn't what was started.
 */
export type Standing = "lost" | "confirmed" | "trial" | "waiting" | "displaced";

export const events = ["start", "activate", "confirm", "rollback", "unhealthy", "clean reboot"] as const;
export type Event = (typeof events)[number];

export interface Move {
  readonly slot: "running" | "other";
  /** On trial, with all tries or with one more than before; absent: it counts. */
  readonly trial?: "all" | "one more";
  readonly reason: Reason;
  /** The highest sequence that was confirmed here. */
  readonly floor?: "raised";
}

const activated: Move = { slot: "other", trial: "all", reason: "activated" };
const back: Move = { slot: "other", reason: "rollback" };

/** Where nothing stands, nothing is written. */
export const runMoves: Readonly<Record<Event, Partial<Readonly<Record<Standing, Move>>>>> = {
  start: {
    lost: { slot: "running", reason: "state-lost" },
    displaced: { slot: "running", reason: "slot-damaged" },
  },
  // Never from a system that is on trial itself.
  activate: { lost: activated, confirmed: activated, waiting: activated, displaced: activated },
  confirm: { trial: { slot: "running", reason: "confirmed", floor: "raised" } },
  rollback: {
    ...{ lost: back, confirmed: back, trial: back, displaced: back },
    // What waits doesn't come to a first boot, and hasn't failed.
    waiting: { slot: "running", reason: "confirmed" },
  },
  // Beyond hope; otherwise the machine restarts, and the try stays burnt.
  unhealthy: { trial: { slot: "other", reason: "unhealthy" } },
  "clean reboot": { trial: { slot: "running", trial: "one more", reason: "activated" } },
};

export function standingOf(state: BootState | undefined, running: Slot): Standing {
  if (state === undefined) return "lost";
  if (isOnTrial(state, running)) return "trial";
  if (isWaiting(state, running)) return "waiting";
  return state.activeSlot === running ? "confirmed" : "displaced";
}

/**
 * What is to be written; undefined: nothing. `sequence`: of the release that runs, where the floor is raised. `known`: the generation that
 * the books know of, which counts where the state is lost.
 */
export function nextState(
  state: BootState | undefined,
  running: Slot,
  event: Event,
  sequence = 0,
  known = 1,
): BootState | undefined {
  const move = runMoves[event][standingOf(state, running)];
  if (move === undefined) return undefined;
  const { generation = known, floor = 0 } = state ?? {};
  const trial = move.trial === "all" ? MAX_TRIES : oneMore(state?.trial);
  return {
    // After the highest, from the beginning: until both copies are written, the old one counts.
    generation: generation < MAX_GENERATION ? generation + 1 : 1,
    activeSlot: move.slot === "running" ? running : otherSlot(running),
    ...(move.trial !== undefined && { trial }),
    floor: move.floor === "raised" ? Math.max(floor, sequence) : floor,
    reason: move.reason,
  };
}

function oneMore(trial: BootState["trial"]): 1 | 2 | 3 {
  return trial === undefined || trial >= 2 ? MAX_TRIES : trial === 1 ? 2 : 1;
}
