import { describe, expect, test } from "vitest";
import {
  type Attempt,
  chooseNetwork,
  type Good,
  judge,
  type NetworkChoice,
  type Seen,
  type Trial,
  type Turn,
} from "./trial.ts";

const plan = { links: [], nameservers: [], search: [] };
const good: Good = { hash: "old", plan };
const fallback = {
  uses: "fallback",
  message: expect.stringContaining("isn't tried again until it is changed"),
};

describe("a boot", () => {
  test.each<[string, Good | undefined, Attempt | undefined, object]>([
    ["sets up what worked last", { hash: "new", plan }, undefined, { uses: "wanted", isOnTrial: false }],
    [
      "sets up what worked last, whatever failed since",
      { hash: "new", plan },
      { hash: "new", tries: 0, failure: "x" },
      { uses: "wanted", isOnTrial: false },
    ],
    [
      "tries another configuration",
      good,
      undefined,
      { uses: "wanted", isOnTrial: true, attempt: { hash: "new", tries: 1 } },
    ],
    [
      "tries the first one",
      undefined,
      undefined,
      { uses: "wanted", isOnTrial: true, attempt: { hash: "new", tries: 1 } },
    ],
    [
      "tries again after it lost its power, once",
      good,
      { hash: "new", tries: 1 },
      { uses: "wanted", isOnTrial: true, attempt: { hash: "new", tries: 2 } },
    ],
    [
      "and once more",
      good,
      { hash: "new", tries: 2 },
      { uses: "wanted", isOnTrial: true, attempt: { hash: "new", tries: 3 } },
    ],
    [
      "and then no longer",
      good,
      { hash: "new", tries: 3 },
      {
        ...fallback,
        attempt: { hash: "new", tries: 3, failure: "the machine was reset 3 times while it was tried" },
      },
    ],
    [
      "doesn't try again what failed",
      good,
      { hash: "new", tries: 0, failure: "no name server answers" },
      { ...fallback, attempt: { hash: "new", tries: 0, failure: "no name server answers" } },
    ],
    [
      "tries a changed one, whatever failed before",
      good,
      { hash: "other", tries: 3, failure: "x" },
      { uses: "wanted", isOnTrial: true, attempt: { hash: "new", tries: 1 } },
    ],
  ])("%s", (_name, last, attempt, expected) => {
    expect(chooseNetwork("new", last, attempt)).toEqual<NetworkChoice>(expected as NetworkChoice);
  });
});

const works: Seen = { hasCarrier: true };
const broken: Seen = { hasCarrier: true, complaint: "no answer" };
const unplugged: Seen = { hasCarrier: false, complaint: "no answer" };
const begun: Trial = { phase: "configuration", elapsedMs: 0 };

describe("a trial", () => {
  test.each<[string, Trial, Seen, Partial<Turn>]>([
    ["ends well when the network works", begun, works, { verdict: "good" }],
    ["waits", begun, broken, { trial: { phase: "configuration", elapsedMs: 10, failure: "no answer" } }],
    [
      "waits for a cable without an end",
      { phase: "configuration", elapsedMs: 95 },
      unplugged,
      { trial: { phase: "configuration", elapsedMs: 95, failure: "no answer" } },
    ],
    [
      "takes the last configuration after the limit",
      { phase: "configuration", elapsedMs: 95 },
      broken,
      { trial: { phase: "fallback", elapsedMs: 0, failure: "no answer" }, setUp: "fallback" },
    ],
    [
      "ends badly when that one works",
      { phase: "fallback", elapsedMs: 0, failure: "no answer" },
      works,
      { trial: { phase: "fallback", elapsedMs: 0, failure: "no answer" }, verdict: "failed" },
    ],
    [
      "remembers why the configuration was left, not why the last one doesn't work",
      { phase: "fallback", elapsedMs: 0, failure: "no answer" },
      { hasCarrier: true, complaint: "something else" },
      { trial: { phase: "fallback", elapsedMs: 10, failure: "no answer" } },
    ],
    [
      "goes back when that one doesn't work either",
      { phase: "fallback", elapsedMs: 95, failure: "no answer" },
      broken,
      {
        trial: { phase: "undecided", elapsedMs: 0, failure: "no answer" },
        setUp: "configuration",
        verdict: "undecided",
      },
    ],
    [
      "changes nothing more then",
      { phase: "undecided", elapsedMs: 1000 },
      broken,
      { trial: { phase: "undecided", elapsedMs: 1010, failure: "no answer" } },
    ],
    [
      "ends well as soon as somebody answers",
      { phase: "undecided", elapsedMs: 9 },
      works,
      { verdict: "good" },
    ],
  ])("%s", (_name, trial, seen, expected) => {
    expect(judge(trial, seen, 10, 100)).toEqual({ trial, ...expected });
  });
});
