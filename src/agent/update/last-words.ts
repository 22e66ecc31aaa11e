// What is left of a system that failed on trial: the end of its log, beside the books.

import { activatedLine, findLastWords, type TriedSystem } from "../../release/boot-log.ts";
import { MAX_TRIES } from "../../release/boot-state.ts";
import { DATA } from "../../release/data-places.ts";
import { isHostFailure, listIfThere } from "../expected.ts";
import type { Host } from "../host.ts";
import { places } from "../places.ts";
import type { HistoryEvent } from "./books.ts";
import { keepNewest } from "./newest.ts";

const FOLDER = `${DATA}/update/failed`;
/** So many are kept, the newest. */
const KEPT = 5;
/** Of the log and of the one before it: more than three boots say. */
const LOG_BYTES = 262_144;

/** With what is known of a failure: the stage that was reached, and the file with what the system said. */
export function withLastWords(host: Host, event: HistoryEvent): HistoryEvent {
  const tries = event.tries ?? (event.why === "tries-exhausted" ? MAX_TRIES : undefined);
  const told = tries === undefined ? event : { ...event, tries };
  const words = findLastWords(readLog(host), event);
  if (words === undefined) return told;
  const log = keepWords(host, event, words.text);
  return {
    ...told,
    ...(words.stage === undefined ? {} : { stage: words.stage }),
    ...(log === undefined ? {} : { log }),
  };
}

/** So that what an earlier trial of it said isn't taken for this one's. */
export function markActivated(host: Host, system: TriedSystem): void {
  // A pod may have put something else there, on which writing would wait for ever.
  if ((host.stat(places.log)?.kind ?? "file") !== "file") return;
  unlessRefused(host, () => host.appendFile(places.log, activatedLine(system)));
}

function readLog(host: Host): string {
  const args = ["tail", "-q", "-c", String(LOG_BYTES), `${places.log}.1`, places.log];
  return host.run(args, { timeoutMs: 20_000, maxOutputBytes: 2 * LOG_BYTES }).stdout;
}

/** Returns the file's path. */
function keepWords(host: Host, { version }: TriedSystem, text: string): string | undefined {
  // A version comes from a file of the data partition.
  const name = `${version.replace(/[^\w.+-]/g, "_")}.log`;
  return unlessRefused(host, () => {
    host.makeDirectory(FOLDER, { mode: 0o700 });
    host.writeFile(`${FOLDER}/${name}`, text, { mode: 0o600 });
    const others = listIfThere(host, FOLDER).filter((each) => each !== name);
    keepNewest(host, FOLDER, others, KEPT - 1);
    return `${FOLDER}/${name}`;
  });
}

/** A full disk costs the words, not the way back. */
function unlessRefused<T>(host: Host, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!isHostFailure(error)) throw error;
    host.print("stderr", `the update's log: ${error.message}`);
    return undefined;
  }
}
