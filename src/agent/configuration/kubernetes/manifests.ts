// Has the cluster hold what the manifests say. Called when the API is up; only what has changed costs anything.
import type { Manifest } from "../../cloud-init/actions.ts";
import type { Host, RunResult } from "../../host.ts";
import { applyObject, runKubectl } from "../../kubectl.ts";
import { readNotes, writeNotes } from "./manifest-notes.ts";
import { type ManifestObject, titleOf } from "./manifest-objects.ts";
import {
  type ManifestNotes,
  noteApplied,
  noteRemoved,
  planManifests,
  type WantedManifest,
} from "./manifest-plan.ts";
import { findManifests } from "./manifest-sources.ts";

/** A kind must be known before its objects are, a namespace be there before what is in it: after a pause once more. */
const PAUSES_MS = [1000, 2000, 4000, 8000];

/** Of one call of kubectl. */
const LIMIT_MS = 120_000;

/** Returns the problems. It may be called again: what went well isn't done again. */
export function applyManifests(host: Host, manifests: readonly Manifest[]): readonly string[] {
  const found = findManifests(host, manifests);
  const before = readNotes(host);
  const plan = planManifests(found.wanted, before, found.problems.length === 0);
  writeNotes(host, before, plan.notes);
  const applied = applyAll(host, plan.apply, plan.notes);
  const removed = removeAll(host, plan.remove, applied.notes);
  writeNotes(host, plan.notes, removed.notes);
  return [...found.problems, ...applied.problems, ...removed.problems];
}

interface Outcome {
  readonly notes: ManifestNotes;
  readonly problems: readonly string[];
}

function applyAll(host: Host, manifests: readonly WantedManifest[], before: ManifestNotes): Outcome {
  let notes = before;
  let left = manifests;
  let problems: string[] = [];
  for (const pauseMs of [...PAUSES_MS, 0]) {
    problems = [];
    left = left.filter((manifest) => {
      const { exitCode, stderr } = applyObject(host, manifest.text, LIMIT_MS);
      if (exitCode === 0) notes = noteApplied(notes, manifest);
      else problems.push(`manifest ${manifest.name}: ${lastWords(stderr, exitCode)}`);
      return exitCode !== 0;
    });
    if (left.length === 0) break;
    host.sleep(pauseMs);
  }
  return { notes, problems };
}

function removeAll(host: Host, objects: readonly ManifestObject[], before: ManifestNotes): Outcome {
  let notes = before;
  const problems: string[] = [];
  for (const object of objects) {
    const { exitCode, stderr } = remove(host, object);
    // With its kind, an object has gone, too.
    if (exitCode === 0 || /no matches for kind/.test(stderr)) notes = noteRemoved(notes, object);
    else problems.push(`cannot remove ${titleOf(object)}: ${lastWords(stderr, exitCode)}`);
  }
  return { notes, problems };
}

function remove(host: Host, { apiVersion, kind, namespace, name }: ManifestObject): RunResult {
  const object = { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } };
  const args = ["delete", "--ignore-not-found", "--wait=false", "--filename=-"];
  return runKubectl(host, args, { timeoutMs: LIMIT_MS, input: JSON.stringify(object) });
}

function lastWords(stderr: string, exitCode: number): string {
  return stderr.trim().split("\n").slice(-3).join("; ") || `kubectl ended with code ${exitCode}`;
}
