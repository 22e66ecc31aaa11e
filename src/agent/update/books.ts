// What the box remembers of its updates, on the data partition: what was written into the other slot, which versions failed here,
// and what happened, for people. A damaged file costs the memory, never a boot.
import * as v from "valibot";
import type { Host } from "../host.ts";
import { findJson } from "../json.ts";
import { places } from "../places.ts";
import { BaselineSchema } from "./health/baseline.ts";
import { SeenChannels } from "./source/channel-record.ts";

const Slot = v.picklist(["A", "B"]);

const Note = v.object({
  slot: Slot,
  version: v.string(),
  sequence: v.number(),
  /** SHA-256 of release.json. */
  manifest: v.string(),
  /** Where it came from. */
  source: v.string(),
  /** `writing`: not all of it is there. */
  step: v.picklist(["writing", "written", "activated"]),
  /** Of the state of the boot that its activation makes: while the state has a lower one, the power went before. */
  generation: v.optional(v.number()),
  /** What it is held to. */
  baseline: v.optional(BaselineSchema),
});

/** Milliseconds since 1970, as far as dates go (ECMA-262, 21.4.1.1): any other number can't be told. */
const Moment = v.pipe(v.number(), v.integer(), v.minValue(-8.64e15), v.maxValue(8.64e15));

const Event = v.object({
  atMs: Moment,
  what: v.picklist([
    "applied",
    "activated",
    "confirmed",
    "failed",
    "rolled back",
    "other slot",
    "try failed",
  ]),
  version: v.string(),
  slot: Slot,
  why: v.optional(v.string()),
  /** Of a failure: the system that is back. */
  back: v.optional(v.object({ version: v.string(), slot: Slot })),
  /** Of a failure: how many boots were tried, where that is known. */
  tries: v.optional(v.number()),
  /** Of a failure: the last of init's stages that said anything. */
  stage: v.optional(v.string()),
  /** Of a failure: the file with the end of what it said. */
  log: v.optional(v.string()),
});

const Refused = v.object({
  /** When it happened last. */
  atMs: Moment,
  source: v.string(),
  why: v.string(),
  times: v.number(),
});

/** A newer version, which was here before, may have written rows that this one doesn't know: they cost only themselves. */
const knownRows = <T>(row: v.GenericSchema<unknown, T>) =>
  v.pipe(
    v.array(v.unknown()),
    v.transform((rows) =>
      rows.flatMap((each): T[] => {
        const result = v.safeParse(row, each);
        return result.success ? [result.output] : [];
      }),
    ),
  );

const Books = v.object({
  note: v.fallback(v.optional(Note), undefined),
  quarantine: v.array(v.string()),
  history: knownRows(Event),
  channels: v.fallback(v.optional(SeenChannels), undefined),
  refused: v.optional(knownRows(Refused)),
});

export type Note = v.InferOutput<typeof Note>;
export type HistoryEvent = v.InferOutput<typeof Event>;
export type Refused = v.InferOutput<typeof Refused>;
export type Books = v.InferOutput<typeof Books>;

/** So many events are kept, the newest. */
const HISTORY_MAX = 200;
const MAX_BYTES = 1_048_576;

export function readBooks(host: Host): Books {
  const books = findJson(host, places.updateBooks, MAX_BYTES, Books);
  if (typeof books === "object") return books;
  if (books === "damaged")
    host.print("stderr", `${places.updateBooks} is damaged: what it said of earlier updates is lost`);
  return { quarantine: [], history: [] };
}

export function writeBooks(host: Host, books: Books): void {
  host.writeFile(places.updateBooks, `${JSON.stringify(books, undefined, 1)}\n`, { mode: 0o600 });
}

/** With one more event. Pure. */
export function withEvent(books: Books, event: HistoryEvent): Books {
  return { ...books, history: [...books.history, event].slice(-HISTORY_MAX) };
}

/** With another last event. Pure. */
export function withLastEvent(books: Books, event: HistoryEvent): Books {
  return { ...books, history: [...books.history.slice(0, -1), event] };
}

/** Without the note. Pure. */
export function withoutNote({ note: _, ...books }: Books): Books {
  return books;
}

/** With a version that isn't tried again by itself. Pure. */
export function withQuarantined(books: Books, version: string): Books {
  return { ...books, quarantine: [...new Set([...books.quarantine, version])] };
}

/** An event of now. */
export function at(host: Host, event: Omit<HistoryEvent, "atMs">): HistoryEvent {
  return { atMs: host.now(), ...event };
}
