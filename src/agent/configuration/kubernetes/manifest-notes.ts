// The list of what was applied, replaced as a whole. Effects only.
import * as v from "valibot";
import type { Host } from "../../host.ts";
import { readJson } from "../../json.ts";
import type { ManifestNotes } from "./manifest-plan.ts";
import { kubernetesPlaces } from "./places.ts";

const MAX_BYTES = 4 * 1024 * 1024;

const NotesSchema = v.object({
  applied: v.record(v.string(), v.string()),
  objects: v.array(
    v.object({
      apiVersion: v.string(),
      kind: v.string(),
      namespace: v.exactOptional(v.string()),
      name: v.string(),
    }),
  ),
});

/** One that can't be read is as none: everything is applied again, and what nobody wants any more stays. */
export function readNotes(host: Host): ManifestNotes {
  return (
    readJson(host, kubernetesPlaces.appliedManifests, MAX_BYTES, NotesSchema) ?? { applied: {}, objects: [] }
  );
}

export function writeNotes(host: Host, before: ManifestNotes, now: ManifestNotes): void {
  if (JSON.stringify(before) === JSON.stringify(now)) return;
  host.writeFile(kubernetesPlaces.appliedManifests, `${JSON.stringify(now)}\n`, { mode: 0o600 });
}
