import { expect, test } from "vitest";
import {
  type Baseline,
  cardProblems,
  emptyBaseline,
  lateThings,
  makeBaseline,
  type Sight,
  signProblems,
  systemPodProblems,
  systemRestarts,
  unitProblems,
} from "./baseline.ts";
import { type Pod, parsePods } from "./pods.ts";

const limits = { settleMs: 60_000, deadlineMs: 600_000 };
const NOW = 10_000_000;

const pod = (workload: string, changed: Partial<Pod> = {}): Pod => ({
  ...{ workload, isJob: false, isReady: true, sinceMs: 0, restarts: 0 },
  ...changed,
});
const sight = (changed: Partial<Sight>): Sight => ({
  ...{ uptimeMs: 3_600_000, nowMs: NOW, units: [], signs: [], system: [], others: [] },
  ...{ cards: [], hasNetwork: false },
  ...changed,
});
const ill = { isReady: false };

test.each<[string, Partial<Sight>, Partial<Baseline>]>([
  ["nothing is there", {}, {}],
  [
    "a unit that isn't ready decides nothing",
    { units: [{ name: "kine" }, { name: "dns", problem: "no" }] },
    { ill: ["dns"] },
  ],
  ["one that is still starting does", { uptimeMs: 599_999, units: [{ name: "dns", problem: "no" }] }, {}],
  [
    "required signs that hold",
    {
      signs: [
        { name: "probe a", isRequired: true },
        { name: "probe b", isRequired: true, problem: "no" },
        { name: "script c", isRequired: false },
      ],
    },
    { held: ["probe a"] },
  ],
  [
    "workloads of whose pods each is ready",
    { system: [pod("s/a"), pod("s/b"), pod("s/b", ill), pod("s/a")], others: [pod("d/c")] },
    { system: ["s/a"], others: ["d/c"] },
  ],
  [
    "pods that have been ready for long enough",
    { system: [pod("s/a", { sinceMs: NOW - 59_999 }), pod("s/b", { sinceMs: NOW - 60_000 })] },
    { system: ["s/b"] },
  ],
  [
    "a clock that was set back doubts no pod",
    { system: [pod("s/a", { sinceMs: NOW + 1 })] },
    { system: ["s/a"] },
  ],
  ["a Job's pods end", { others: [pod("d/j", { isJob: true })] }, {}],
  [
    "cards and the network",
    { cards: ["pci:1", "pci:1"], hasNetwork: true },
    { cards: ["pci:1"], hasNetwork: true },
  ],
])("held to: %s", (_name, changed, expected) => {
  expect(makeBaseline(sight(changed), limits)).toEqual({ ...emptyBaseline, ...expected });
});

test("a cluster with thousands of pods makes no large note", () => {
  const others = Array.from({ length: 5000 }, (_, index) => pod(`n/Pod/${"x".repeat(250)}-${index}`));
  expect(JSON.stringify(makeBaseline(sight({ others }), limits)).length).toBeLessThan(64 * 1024);
});

const base = (changed: Partial<Baseline>): Baseline => ({ ...emptyBaseline, ...changed });

test.each<[string, readonly string[], string[]]>([
  [
    "a unit that isn't ready, if it was",
    unitProblems(
      [{ name: "dns", problem: "no" }, { name: "kine", problem: "late" }, { name: "new" }],
      base({ ill: ["dns"] }),
    ),
    ["kine: late"],
  ],
  [
    "a sign that held",
    signProblems(
      [
        { name: "probe a", isRequired: true, problem: "no" },
        { name: "probe b", isRequired: true, problem: "no" },
      ],
      base({ held: ["probe a"] }),
    ),
    ["probe a: no"],
  ],
  [
    "a pod of the system that was ready",
    systemPodProblems([pod("s/a", ill), pod("s/b", ill), pod("s/c")], base({ system: ["s/a", "s/c"] })),
    ["pods not ready: s/a"],
  ],
  ["no pods of a workload that somebody deleted", systemPodProblems([], base({ system: ["s/a"] })), []],
  [
    "a card that was there",
    cardProblems(["virtio:2"], base({ cards: ["pci:1", "virtio:2"] })),
    ["no driver for the network card pci:1"],
  ],
])("a problem: %s", (_name, problems, expected) => {
  expect(problems).toEqual(expected);
});

test("restarts of the system's pods that held are counted, and no others", () => {
  const pods = [pod("s/a", { restarts: 2 }), pod("s/a", { restarts: 1 }), pod("s/b", { restarts: 9 })];
  expect(systemRestarts(pods, base({ system: ["s/a"] }))).toBe(3);
});

test.each<[string, Partial<Sight>, string[]]>([
  ["all is there", { others: [pod("d/a"), pod("d/b")], hasNetwork: true }, []],
  [
    "a pod that isn't ready, or isn't there",
    { others: [pod("d/a", ill)], hasNetwork: true },
    ["pods not ready: d/a, d/b"],
  ],
  ["the network", { others: [pod("d/a"), pod("d/b")] }, ["no link has an address"]],
])("late: %s", (_name, changed, expected) => {
  expect(lateThings(sight(changed), base({ others: ["d/a", "d/b"], hasNetwork: true }))).toEqual(expected);
});

test("many are counted, not listed", () => {
  const others = Array.from({ length: 8 }, (_, index) => `d/${index}`);
  expect(lateThings(sight({}), base({ others }))).toEqual([
    "pods not ready: d/0, d/1, d/2, d/3, d/4 and 3 more",
  ]);
});

const row = (...columns: string[]) => `${columns.join("\t")}\n`;
const since = "2026-01-01T00:00:00Z";

test.each<[string, string, Partial<Pod>[]]>([
  ["nothing", "", []],
  [
    "a Deployment's",
    row("default", "web-5f-x", "ReplicaSet", "web-5f", "5f", "True", since, "0 3"),
    [{ workload: "default/Deployment/web", isReady: true, restarts: 3, sinceMs: Date.parse(since) }],
  ],
  [
    "a ReplicaSet's own",
    row("default", "web-x", "ReplicaSet", "web-5f", "", "False", since, "0"),
    [{ workload: "default/ReplicaSet/web-5f", isReady: false }],
  ],
  [
    "a StatefulSet's, a Job's, a static one",
    row("a", "db-0", "StatefulSet", "db", "", "True", since, "0") +
      row("a", "j-1", "Job", "j", "", "True", since, "0") +
      row("a", "s-node", "Node", "node", "", "True", since, "0"),
    [
      { workload: "a/StatefulSet/db", isJob: false },
      { workload: "a/Job/j", isJob: true },
      { workload: "a/Pod/s-node", isJob: false },
    ],
  ],
  [
    "one that nobody owns, and that has no status yet",
    row("default", "alone", "", "", "", "", "", ""),
    [{ workload: "default/Pod/alone", isReady: false, restarts: 0, sinceMs: 0 }],
  ],
  [
    "an owner whose name makes rows and colours",
    row("default", "x", "Evil", "a\tb\nkube-system\tx\tEvil\t\u001b[1m", "", "True", since, "0"),
    [],
  ],
  [
    "an output whose beginning is cut off",
    `lt\tx\n${row("a", "p", "", "", "", "True", since, "0")}`,
    [{ workload: "a/Pod/p" }],
  ],
])("pods: %s", (_name, text, pods) => {
  expect(parsePods(text)).toMatchObject(pods);
});
