// How the machine stands with its updates: one reason and one sentence, for the node's condition, the metrics and `status`. Pure.
import type { BootState, Slot } from "../../../release/boot-state.ts";
import { standingOf } from "../../../release/run-moves.ts";
import type { Books, HistoryEvent } from "../books.ts";
import type { System } from "../box.ts";
import { listOffers, listSilent } from "../source/channel-record.ts";

export interface Facts {
  readonly system: System;
  /** None: it runs from a CD or the network. */
  readonly running?: Slot;
  readonly state?: BootState;
  /** Why the state of the boot can't be read. */
  readonly problem?: string;
  readonly books: Books;
  /** The image takes updates. */
  readonly hasKeys: boolean;
  readonly nowMs: number;
}

export interface Standing {
  /** True: all is well. Unknown: that is being found out. */
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  /** Of the running system. */
  readonly slot: string;
  /** What else is to be known. */
  readonly notes: readonly string[];
}

export function describeStanding(facts: Facts): Standing {
  const { running } = facts;
  if (running === undefined)
    return { status: "True", reason: "NoSlots", slot: "in no slot", notes: ["it is updated by other media"] };
  // What the state of the boot says comes first: there is nothing else to do about it.
  const standing = standingOfSlot(facts, running);
  if (standing.reason !== "Confirmed") return standing;
  const outcome = lastOutcome(facts.books);
  if (outcome !== undefined) return { ...standing, ...outcome };
  return facts.hasKeys
    ? standing
    : { ...standing, reason: "NoKeys", notes: ["it takes no updates: the image was built without keys"] };
}

/** In a sentence. */
export function standingMessage(facts: Facts): string {
  const { system, running, books } = facts;
  const { slot, notes } = describeStanding(facts);
  const { note, quarantine } = books;
  return [
    `${system.version}${running === undefined ? ", " : `, slot ${running}: `}${slot}`,
    ...notes,
    ...(note === undefined ? [] : [`${note.version} in slot ${note.slot}: ${note.step}`]),
    ...(quarantine.length === 0 ? [] : [`not tried again by itself: ${quarantine.join(", ")}`]),
    ...describeChannels(facts),
  ].join("; ");
}

/** What channels have for this machine, and which say nothing any more: neither makes it less well. */
export function describeChannels({ system, books, nowMs }: Facts): string[] {
  const { channels, note } = books;
  return [
    ...listOffers(channels, [system.version, note?.version]).map(
      ({ channel, version }) => `${version} is available, in channel ${channel}`,
    ),
    ...listSilent(channels, nowMs).map(
      ({ channel, days }) => `channel ${channel} has had no news for ${days} days`,
    ),
  ];
}

function standingOfSlot({ state, problem }: Facts, running: Slot): Standing {
  const standing = (status: Standing["status"], reason: string, slot: string): Standing => ({
    ...{ status, reason, slot, notes: [] },
  });
  if (problem !== undefined) return standing("Unknown", "Unreadable", `unknown: ${problem}`);
  switch (standingOf(state, running)) {
    case "lost":
      return standing("False", "StateLost", "the state of the boot is lost");
    case "trial":
      return standing("Unknown", "OnTrial", `on trial, ${state?.trial} more tries after this one`);
    case "waiting":
      return standing("True", "Waiting", "confirmed, and the other one is tried at the next boot");
    case "displaced":
      return standing("True", "NotNext", "not the one that is started next");
    case "confirmed":
      return standing("True", "Confirmed", "confirmed");
  }
}

/** What came of the last update, where that isn't that it counts. It stands until another one comes to something. */
function lastOutcome({ history }: Books): Partial<Standing> | undefined {
  const last = history.filter(({ what }) => Object.hasOwn(outcomes, what)).at(-1);
  if (last === undefined) return undefined;
  const outcome = outcomes[last.what]?.(last);
  const why = last.why === undefined ? "" : `: ${last.why}`;
  return outcome && { ...outcome, notes: outcome.notes.map((note) => `${note}${why}`) };
}

type Outcome = Pick<Standing, "status" | "reason" | "notes">;

const outcomes: Readonly<Record<string, (event: HistoryEvent) => Outcome | undefined>> = {
  confirmed: () => undefined,
  failed: ({ version }) => ({
    status: "False",
    reason: "Failed",
    notes: [`back from ${version}, which failed`],
  }),
  "rolled back": ({ version }) => ({ status: "True", reason: "RolledBack", notes: [`back from ${version}`] }),
  "other slot": ({ why }) => ({
    status: "False",
    reason: why === "state-lost" ? "StateLost" : "OtherSlot",
    notes: ["it isn't the slot that was meant"],
  }),
};
