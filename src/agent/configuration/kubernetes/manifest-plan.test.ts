import { expect, test } from "vitest";
import type { ManifestObject } from "./manifest-objects.ts";
import {
  type ManifestNotes,
  noteApplied,
  noteRemoved,
  planManifests,
  type WantedManifest,
} from "./manifest-plan.ts";

const object = (name: string): ManifestObject => ({ apiVersion: "v1", kind: "ConfigMap", name });
const manifest = (name: string, sha256: string, ...objects: string[]): WantedManifest => ({
  name,
  text: "",
  sha256,
  objects: objects.map(object),
});
const notes = (applied: Record<string, string>, ...objects: string[]): ManifestNotes => ({
  applied,
  objects: objects.map(object),
});
const none = notes({});

interface Expected {
  readonly apply: string[];
  readonly remove: string[];
  readonly noted: string[];
}

test.each<[string, WantedManifest[], ManifestNotes, boolean, Expected]>([
  ["nothing wanted, nothing there", [], none, true, { apply: [], remove: [], noted: [] }],
  [
    "what is new is applied, and noted first",
    [manifest("m", "1", "a")],
    none,
    true,
    { apply: ["m"], remove: [], noted: ["a"] },
  ],
  [
    "what was applied is left alone",
    [manifest("m", "1", "a")],
    notes({ m: "1" }, "a"),
    true,
    { apply: [], remove: [], noted: ["a"] },
  ],
  [
    "what has changed is applied again",
    [manifest("m", "2", "a")],
    notes({ m: "1" }, "a"),
    true,
    { apply: ["m"], remove: [], noted: ["a"] },
  ],
  [
    "an object that is no longer in it is removed",
    [manifest("m", "2", "a")],
    notes({ m: "1" }, "a", "b"),
    true,
    { apply: ["m"], remove: ["b"], noted: ["a", "b"] },
  ],
  [
    "with a manifest go its objects, the last one first",
    [],
    notes({ m: "1" }, "a", "b"),
    true,
    { apply: [], remove: ["b", "a"], noted: ["a", "b"] },
  ],
  [
    "an object that moves to another manifest stays",
    [manifest("new", "1", "a")],
    notes({ old: "1" }, "a"),
    true,
    { apply: ["new"], remove: [], noted: ["a"] },
  ],
  [
    "one that was noted and not finished is applied",
    [manifest("m", "1", "a")],
    notes({}, "a"),
    true,
    { apply: ["m"], remove: [], noted: ["a"] },
  ],
  [
    "while a manifest can't be read, nothing is removed",
    [manifest("m", "2", "a")],
    notes({ m: "1", lost: "1" }, "a", "b"),
    false,
    { apply: ["m"], remove: [], noted: ["a", "b"] },
  ],
])("%s", (_name, wanted, before, isComplete, expected) => {
  const plan = planManifests(wanted, before, isComplete);
  expect({
    apply: plan.apply.map(({ name }) => name),
    remove: plan.remove.map(({ name }) => name),
    noted: plan.notes.objects.map(({ name }) => name),
  }).toEqual(expected);
});

test("a manifest that can't be read now isn't applied again later if it is as it was", () => {
  const plan = planManifests([manifest("m", "2", "a")], notes({ m: "1", lost: "1" }, "a", "b"), false);
  expect(plan.notes.applied).toEqual({ lost: "1" });
});

test("a manifest that went and comes back is applied again", () => {
  const gone = planManifests([], notes({ m: "1" }, "a"), true);
  const after = noteRemoved(gone.notes, object("a"));
  expect(after).toEqual(none);
  expect(planManifests([manifest("m", "1", "a")], after, true).apply).toHaveLength(1);
});

test("only what was applied to the end counts as applied", () => {
  const wanted = manifest("m", "1", "a");
  const plan = planManifests([wanted], none, true);
  expect(plan.notes.applied).toEqual({});
  expect(noteApplied(plan.notes, wanted).applied).toEqual({ m: "1" });
});
