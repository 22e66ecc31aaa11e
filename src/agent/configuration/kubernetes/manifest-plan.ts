// (wanted, noted) → what is to be applied and removed. Pure.
import { identityOf, type ManifestObject } from "./manifest-objects.ts";

export interface WantedManifest {
  /** Where it comes from, and its name there: "configuration/web". */
  readonly name: string;
  readonly text: string;
  readonly sha256: string;
  readonly objects: readonly ManifestObject[];
}

/** What was done so far. An object is noted before it is applied, so a power cut leaves none that nobody removes. */
export interface ManifestNotes {
  /** Manifests that were applied to the end: name → hash of the text. */
  readonly applied: Readonly<Record<string, string>>;
  /** In the order in which they were applied. */
  readonly objects: readonly ManifestObject[];
}

export interface ManifestPlan {
  readonly apply: readonly WantedManifest[];
  /** Last applied, first removed. */
  readonly remove: readonly ManifestObject[];
  /** To be written before anything is done. */
  readonly notes: ManifestNotes;
}

/** `isComplete` is false when a manifest couldn't be read: it may hold what would be removed. */
export function planManifests(
  wanted: readonly WantedManifest[],
  notes: ManifestNotes,
  isComplete: boolean,
): ManifestPlan {
  const apply = wanted.filter(({ name, sha256 }) => notes.applied[name] !== sha256);
  const wantedIds = new Set(wanted.flatMap(({ objects }) => objects.map(identityOf)));
  const stale = notes.objects.filter((object) => !wantedIds.has(identityOf(object)));
  const same = wanted.filter((manifest) => !apply.includes(manifest));
  const kept = isComplete
    ? Object.fromEntries(same.map(({ name, sha256 }) => [name, sha256]))
    : without(notes.applied, apply);
  return {
    apply,
    remove: isComplete ? [...stale].reverse() : [],
    notes: { applied: kept, objects: joined(notes.objects, apply) },
  };
}

export function noteApplied(notes: ManifestNotes, { name, sha256 }: WantedManifest): ManifestNotes {
  return { ...notes, applied: { ...notes.applied, [name]: sha256 } };
}

export function noteRemoved(notes: ManifestNotes, removed: ManifestObject): ManifestNotes {
  const id = identityOf(removed);
  return { ...notes, objects: notes.objects.filter((object) => identityOf(object) !== id) };
}

function without(
  applied: Readonly<Record<string, string>>,
  again: readonly WantedManifest[],
): Record<string, string> {
  const names = again.map(({ name }) => name);
  return Object.fromEntries(Object.entries(applied).filter(([name]) => !names.includes(name)));
}

/** By identity; the newest version of each counts. */
function joined(before: readonly ManifestObject[], apply: readonly WantedManifest[]): ManifestObject[] {
  const all = new Map(before.map((object) => [identityOf(object), object]));
  for (const object of apply.flatMap(({ objects }) => objects)) all.set(identityOf(object), object);
  return [...all.values()];
}
