// Which system runs, and what is known of others, for `status`.
import type { Host } from "../../host.ts";
import { readFacts } from "./facts.ts";
import { describeChannels, describeStanding, standingMessage } from "./standing.ts";

/** Rows for a person. None where the system runs from no slot. */
export function describeUpdates(host: Host): Record<string, string> {
  const facts = readFacts(host);
  const { system, running, books } = facts;
  if (running === undefined) return {};
  const { note, quarantine } = books;
  const { slot, notes } = describeStanding(facts);
  const news = describeChannels(facts);
  return {
    system: `${system.version}, slot ${running}: ${slot}`,
    ...(news.length === 0 ? {} : { channels: news.join("; ") }),
    ...(notes.length === 0 ? {} : { updates: notes.join("; ") }),
    ...(note === undefined
      ? {}
      : { update: `${note.version}, slot ${note.slot}: ${note.step}, from ${note.source}` }),
    ...(quarantine.length === 0 ? {} : { failed: `${quarantine.join(", ")}: not tried again by itself` }),
  };
}

/** For programs. */
export function listUpdates(host: Host): Record<string, unknown> {
  const facts = readFacts(host);
  const { system, running, state, books } = facts;
  const { note, quarantine, channels = {} } = books;
  const { status, reason } = describeStanding(facts);
  return {
    system: {
      ...{ ...system, slot: running, status, reason, message: standingMessage(facts) },
      ...(state === undefined ? {} : { floor: state.floor, triesLeft: state.trial }),
    },
    ...(note === undefined ? {} : { update: note }),
    quarantine,
    channels,
  };
}
