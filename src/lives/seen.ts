// What is seen of a box, on a machine or on the model, in the same words: which slot runs, the state of the boot, the books. Pure.
import * as v from "valibot";
import { type Life, stateOf } from "../proof/simulator/life.ts";
import { type BootState, newest, parseBlock, type Slot } from "../release/boot-state.ts";
import { partitionNumber } from "../release/partitions.ts";

export interface Seen {
  readonly running: Slot | undefined;
  readonly state: BootState | undefined;
  /** What was written into the other slot: version, slot, step. */
  readonly note: string | undefined;
  readonly quarantine: readonly string[];
  /** What happened, and to which version in which slot. */
  readonly history: readonly string[];
}

/** Of a release of the model: what it is called on machines. */
export type Names = (version: string) => { readonly version: string; readonly sequence: number };

export function seenOnModel(life: Life, names: Names): Seen {
  const { note, quarantine, history } = life.books;
  const state = stateOf(life);
  const name = (version: string) => names(version).version;
  return {
    running: life.running,
    state: state && { ...state, floor: names(`1.${state.floor - 1}.0`).sequence },
    note: note && `${name(note.version)} ${note.slot} ${note.step}`,
    quarantine: quarantine.map(name),
    history: history.map(({ what, version, slot }) => `${what} ${name(version)} ${slot}`),
  };
}

const END = "== end of what was asked for ==";

/** The script that has a machine print what `parseSeen` reads; `offsets` are of the copies on the boot partition. */
export function askSeen(offsets: readonly number[]): string {
  return [
    "sed -n s/^kubesolo.slot=//p /run/kubesolo-os/cmdline",
    `echo '${END}'; cat /data/update/books.json 2>/dev/null; echo '${END}'`,
    ...offsets.map(
      (offset) =>
        `dd if=/dev/vda${partitionNumber("KSOLOEFI")} bs=512 skip=${offset / 512} count=2 2>/dev/null; echo '${END}'`,
    ),
  ].join("\n");
}

const Books = v.object({
  note: v.optional(v.object({ version: v.string(), slot: v.string(), step: v.string() })),
  quarantine: v.array(v.string()),
  history: v.array(v.object({ what: v.string(), version: v.string(), slot: v.string() })),
});

export function parseSeen(text: string): Seen {
  const [slot = "", told = "", ...copies] = text.split(`${END}\n`);
  const books = told.trim() === "" ? { quarantine: [], history: [] } : v.parse(Books, JSON.parse(told));
  const { note, quarantine, history } = books as v.InferOutput<typeof Books>;
  const running = slot.trim();
  return {
    running: running === "A" || running === "B" ? running : undefined,
    state: newest(copies.map((copy) => parseBlock(Buffer.from(copy, "latin1")))),
    note: note && `${note.version} ${note.slot} ${note.step}`,
    quarantine,
    history: history.map(({ what, version, slot: of }) => `${what} ${version} ${of}`),
  };
}

/** In what the machine isn't as the model has it. */
export function differences(machine: Seen, model: Seen): string[] {
  const keys = ["running", "state", "note", "quarantine", "history"] as const;
  return keys.flatMap((key) => {
    const [is, should] = [canonical(machine[key]), canonical(model[key])];
    return is === should ? [] : [`${key} is ${is}, and ${should} on the model`];
  });
}

/** The same for objects with their keys in another order. */
function canonical(value: Seen[keyof Seen]): string {
  if (value === undefined || typeof value === "string" || Array.isArray(value))
    return JSON.stringify(value) ?? "nothing";
  return JSON.stringify(Object.fromEntries(Object.entries(value).sort()));
}
