// What Kubernetes is told of updates, besides how they stand: labels of the node, and an event for each thing that happened. Pure.
import type { NodeEvent } from "../../node-objects.ts";
import type { HistoryEvent } from "../books.ts";
import type { Facts } from "./standing.ts";

const PREFIX = "os.kubesolo.io";

/** As `kubectl label` takes them. A label has no "+", which versions may have. */
export function updateLabels({ system, running }: Pick<Facts, "system" | "running">): string[] {
  const version = system.version
    .replace(/[^A-Za-z0-9._-]/g, "_")
    .slice(0, 63)
    .replace(/[^A-Za-z0-9]+$/, "");
  return [
    `${PREFIX}/version=${version}`,
    running === undefined ? `${PREFIX}/slot-` : `${PREFIX}/slot=${running}`,
    system.isDevelopment ? `${PREFIX}/development=ssh` : `${PREFIX}/development-`,
  ];
}

const reasons: Readonly<Record<HistoryEvent["what"], string>> = {
  applied: "UpdateApplied",
  activated: "UpdateActivated",
  confirmed: "UpdateConfirmed",
  failed: "UpdateFailed",
  "rolled back": "UpdateRolledBack",
  "other slot": "OtherSlotStarted",
  "try failed": "UpdateTryFailed",
};

const warnings: readonly HistoryEvent["what"][] = ["failed", "other slot", "try failed"];

export function updateEvent(event: HistoryEvent): NodeEvent {
  const { atMs, what, version, slot, why } = event;
  return {
    id: eventId(event),
    type: warnings.includes(what) ? "Warning" : "Normal",
    reason: reasons[what],
    message: `${version}, slot ${slot}: ${what}${why === undefined ? "" : `: ${why}`}`,
    atMs,
  };
}

/** The same thing has it again; a part of an object's name. */
export function eventId({ atMs, what, slot }: HistoryEvent): string {
  return `update-${Math.abs(atMs).toString(16)}-${what.replace(" ", "-")}-${slot.toLowerCase()}`;
}

/** So many of one time: a cluster may be new, or its Kubernetes have been down for long. */
const MAX_EVENTS = 10;

/** What happened since `last`, of which Kubernetes has heard. */
export function untold(history: readonly HistoryEvent[], last: string | undefined): readonly HistoryEvent[] {
  const index = last === undefined ? -1 : history.map(eventId).lastIndexOf(last);
  return history.slice(index + 1).slice(-MAX_EVENTS);
}
