// Which system runs, and what is known of others, for `status`.
import { isOnTrial, type Slot } from "../../release/boot-state.ts";
import type { Host } from "../host.ts";
import { readKernelCommandLine } from "../kernel-command-line.ts";
import { readBooks } from "./books.ts";
import { readBootRecord } from "./boot-record.ts";
import { readSystem } from "./box.ts";
import { isTold } from "./failure.ts";

/** Rows for a person. None where the system runs from no slot. */
export function describeUpdates(host: Host): Record<string, string> {
  const { slot: running } = readKernelCommandLine(host);
  if (running === undefined) return {};
  const { version } = readSystem(host);
  const { note, quarantine, channels } = readBooks(host);
  const offers = Object.entries(channels ?? {}).flatMap(([name, { available }]) =>
    available === undefined || available.version === version || available.version === note?.version
      ? []
      : `${available.version}, in channel ${name}`,
  );
  return {
    system: `${version}, slot ${running}: ${standing(host, running)}`,
    ...(offers.length === 0 ? {} : { available: offers.join("; ") }),
    ...(note === undefined
      ? {}
      : { update: `${note.version}, slot ${note.slot}: ${note.step}, from ${note.source}` }),
    ...(quarantine.length === 0 ? {} : { failed: `${quarantine.join(", ")}: not tried again by itself` }),
  };
}

function standing(host: Host, running: Slot): string {
  try {
    const record = readBootRecord(host);
    if (record.state === undefined) return "the state of the boot is lost";
    if (isOnTrial(record.state, running)) return `on trial, ${record.state.trial} more tries after this one`;
    return record.state.activeSlot === running ? "confirmed" : "not the one that is started next";
  } catch (error) {
    if (isTold(error)) return `unknown: ${error.message}`;
    throw error;
  }
}
