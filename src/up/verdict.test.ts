import { expect, test } from "vitest";
import { judgeUpdate } from "./verdict.ts";

const [old, next] = ["0.1.0", "0.1.1-dev.1"];
const applied = { what: "applied", version: next, why: "from http://x" };
const activated = { what: "activated", version: next };
const tryFailed = { what: "try failed", version: next, why: "dns isn't ready" };

test.each<[string, Parameters<typeof judgeUpdate>[0], string, ReturnType<typeof judgeUpdate>]>([
  ["on trial", [applied, activated], next, { is: "waiting", what: `${next} is on trial` }],
  ["before the restart", [applied, activated], old, { is: "waiting", what: "0.1.0 runs" }],
  [
    "after a failed try",
    [applied, activated, tryFailed],
    next,
    { is: "waiting", what: `${next} is on trial, after 1 failed (dns isn't ready)` },
  ],
  ["confirmed", [applied, activated, { what: "confirmed", version: next }], next, { is: "confirmed" }],
  [
    "confirmed at the second try",
    [applied, activated, tryFailed, { what: "confirmed", version: next }],
    next,
    { is: "confirmed" },
  ],
  [
    "given up",
    [applied, activated, tryFailed, tryFailed, { what: "failed", version: next, why: "tries-exhausted" }],
    old,
    { is: "undone", why: "dns isn't ready; then: dns isn't ready; then: tries-exhausted" },
  ],
  [
    "rolled back by a person",
    [applied, activated, { what: "rolled back", version: next }],
    old,
    { is: "undone", why: "no reason is noted" },
  ],
  [
    "what became of others doesn't matter",
    [
      { what: "failed", version: "0.1.1-dev.0", why: "x" },
      { what: "confirmed", version: old },
    ],
    old,
    { is: "waiting", what: "0.1.0 runs" },
  ],
])("%s", (_name, history, running, expected) => {
  expect(judgeUpdate(history, next, running)).toEqual(expected);
});
