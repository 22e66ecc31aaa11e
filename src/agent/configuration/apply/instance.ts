// What was done once in the life of an instance, as cloud-init calls a machine with one instance-id: with another id,
// everything is done anew.
import * as v from "valibot";
import type { Host } from "../../host.ts";
import { readJson } from "../../json.ts";
import { places } from "../../places.ts";

const Instance = v.object({
  id: v.string(),
  /** Keys of what is done, such as "runcmd[0]". */
  done: v.array(v.string()),
  /** What a file will hold that is just added to: after a power cut it tells whether that has happened. */
  intent: v.optional(v.object({ key: v.string(), sha256: v.string() })),
});

type Instance = v.InferOutput<typeof Instance>;
type Intent = NonNullable<Instance["intent"]>;

const MAX_BYTES = 1024 * 1024;

/**
 * What is done is noted in memory, and on the disk before something that must not be done twice, and at the end: each time
 * costs more than what is noted. After a power cut in between, all since then is done again, in the same order.
 */
export interface InstanceNotes {
  readonly id: string;
  readonly isDone: (key: string) => boolean;
  readonly add: (key: string) => void;
  /** Of the last power cut. */
  readonly intent: () => Intent | undefined;
  /** On the disk when it returns, with all that was added. */
  readonly intend: (intent: Intent) => void;
  readonly flush: () => void;
}

export function openNotes(host: Host, id: string): InstanceNotes {
  let instance = readInstance(host, id);
  let isOnDisk = true;
  const write = (next: Instance) => {
    host.writeFile(places.instance, JSON.stringify(next), { mode: 0o600 });
    instance = next;
    isOnDisk = true;
  };
  return {
    id,
    isDone: (key) => instance.done.includes(key),
    add: (key) => {
      instance = { id, done: [...instance.done, key] };
      isOnDisk = false;
    },
    intent: () => instance.intent,
    intend: (intent) => write({ ...instance, intent }),
    flush: () => {
      if (!isOnDisk) write(instance);
    },
  };
}

function readInstance(host: Host, id: string): Instance {
  const noted = readJson(host, places.instance, MAX_BYTES, Instance);
  return noted?.id === id ? noted : { id, done: [] };
}

/** Does the work unless it was done before, and notes it afterwards: a power cut in between has it done again. */
export function doOnce(notes: InstanceNotes, key: string, work: () => void): void {
  if (notes.isDone(key)) return;
  work();
  notes.add(key);
}
