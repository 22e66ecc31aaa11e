import { expect, test } from "vitest";
import { type DataMove, decideData, type Writer } from "./data.ts";

const writer = (slot: "A" | "B", version: string, changed: Partial<Writer> = {}): Writer => ({
  slot,
  version,
  kubernetes: "v1.37.2",
  isConfirmed: true,
  ...changed,
});
const old = writer("A", "1.0.0");
const next = writer("B", "1.1.0", { kubernetes: "v1.38.0", isConfirmed: false });

test.each<[string, Writer, Writer | undefined, string[], DataMove]>([
  ["nobody has written yet", old, undefined, [], { do: "adopt" }],
  ["the same system again", old, old, ["A-1.0.0"], { do: "nothing" }],
  ["the first boot of a trial", next, old, [], { do: "snapshot", name: "A-1.0.0" }],
  ["back from a trial", old, next, ["A-1.0.0"], { do: "restore", name: "A-1.0.0" }],
  [
    "back from a confirmed system with a newer Kubernetes",
    old,
    { ...next, isConfirmed: true },
    ["A-1.0.0"],
    { do: "restore", name: "A-1.0.0", keeps: "B-1.1.0" },
  ],
  [
    "back from a confirmed system with the same Kubernetes: its cluster is as good",
    old,
    writer("B", "1.1.0"),
    ["A-1.0.0"],
    { do: "snapshot", name: "B-1.1.0" },
  ],
  ["back from a trial, and nothing was kept", old, next, [], { do: "adopt" }],
  [
    "an older one is tried again: what the newer one has is kept first",
    { ...old, isConfirmed: false },
    { ...next, isConfirmed: true },
    ["A-1.0.0"],
    { do: "restore", name: "A-1.0.0", keeps: "B-1.1.0" },
  ],
  [
    "the power went while it was brought back: what was kept isn't kept again",
    { ...old, isConfirmed: false },
    { ...next, isConfirmed: true, isKept: true },
    ["A-1.0.0", "B-1.1.0"],
    { do: "restore", name: "A-1.0.0" },
  ],
  [
    "… and then the newer one starts: what is there may be parts of two",
    { ...next, isConfirmed: true },
    { ...next, isConfirmed: true, isKept: true },
    ["A-1.0.0", "B-1.1.0"],
    { do: "restore", name: "B-1.1.0" },
  ],
  [
    "the same version in the other slot",
    writer("B", "1.0.0", { isConfirmed: false }),
    old,
    [],
    { do: "snapshot", name: "A-1.0.0" },
  ],
])("%s", (_name, self, before, snapshots, expected) => {
  expect(decideData(self, before, snapshots)).toEqual(expected);
});
