// What happened, and what was refused, for people and programs. Pure.
import type { Books, HistoryEvent, Refused } from "../books.ts";

/** A line for a person, and the place of a failed system's log in another. */
export function describeEvent({
  atMs,
  what,
  version,
  slot,
  why,
  back,
  tries,
  stage,
  log,
}: HistoryEvent): string {
  const more = [
    ...(why === undefined ? [] : [why]),
    ...(tries === undefined ? [] : [`${tries} of its tries used up`]),
    ...(stage === undefined ? [] : [`it got as far as ${stage}`]),
    ...(back === undefined ? [] : [`back to ${back.version}, slot ${back.slot}`]),
    ...(log === undefined ? [] : [`its last words: ${log}`]),
  ].join("; ");
  return `${moment(atMs)}  ${what.padEnd(11)} ${version}, slot ${slot}${more === "" ? "" : `: ${more}`}`;
}

function describeRefused({ atMs, source, why, times }: Refused): string {
  const often = times === 1 ? "" : ` (${times} times)`;
  return `${moment(atMs)}  ${"refused".padEnd(11)} ${source}${often}: ${why.replace(/\s+/g, " ")}`;
}

/** All of it, lines: in the order in which it happened, which no clock decides; then what was refused. */
export function describeHistory({ history, refused = [] }: Books): string[] {
  return [...history.map(describeEvent), ...refused.map(describeRefused)];
}

/** The same as data. */
export function listHistory({ history, refused = [] }: Books): readonly object[] {
  return [...history, ...refused.map((each) => ({ what: "refused", ...each }))];
}

function moment(atMs: number): string {
  return new Date(atMs).toISOString().replace("T", " ").slice(0, 19);
}
