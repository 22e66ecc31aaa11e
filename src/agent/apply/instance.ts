// What was done once in the life of an instance, as cloud-init calls a machine with one instance-id: with another id,
// everything is done anew.
import * as v from "valibot";
import { readIfThere } from "../expected.ts";
import type { Host } from "../host.ts";
import { places } from "../places.ts";

const Instance = v.object({
  id: v.string(),
  /** Keys of what is done, such as "runcmd[0]". */
  done: v.array(v.string()),
  /** What a file will hold that is just added to: after a power cut it tells whether that has happened. */
  intent: v.optional(v.object({ key: v.string(), sha256: v.string() })),
});

export type Instance = v.InferOutput<typeof Instance>;

const MAX_BYTES = 1024 * 1024;

export function readInstance(host: Host, id: string): Instance {
  const text = readIfThere(host, places.instance, MAX_BYTES);
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Instance), text);
  return parsed.success && parsed.output.id === id ? parsed.output : { id, done: [] };
}

export function writeInstance(host: Host, instance: Instance): void {
  host.writeFile(places.instance, JSON.stringify(instance), { mode: 0o600 });
}

/** Does the work unless it was done before, and notes it afterwards: a power cut in between has it done again. */
export function doOnce(host: Host, id: string, key: string, work: () => void): void {
  if (readInstance(host, id).done.includes(key)) return;
  work();
  const { done } = readInstance(host, id);
  writeInstance(host, { id, done: [...done, key] });
}
