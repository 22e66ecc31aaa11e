// Lives of boxes on the model; `make simulate` has a million steps. What broke a promise once is lived again.
import { describe, expect, test } from "vitest";
import { liveAll, simulate } from "./simulate.ts";
import { describeStep, type Step, WHOLE } from "./step.ts";

const cut = WHOLE;
const apply = { do: "apply", back: 0, again: false, cut } as const;
const newer = { do: "publish", isGood: true, kubernetes: true } as const;

describe("what once broke a promise", () => {
  test.each<[string, readonly Step[]]>([
    [
      "the power goes before a confirmed system has noted that it is",
      [
        apply,
        { do: "activate", cut },
        { do: "boot", cut },
        { do: "watch", cut: 4 },
        apply,
        { do: "activate", cut },
        { do: "boot", cut },
        { do: "roll back", again: false, cut },
        { do: "boot", cut },
      ],
    ],
    [
      "an older copy of the state names the slot that is written, and the newer one rots",
      [
        { do: "roll back", again: false, cut: 2 },
        newer,
        { ...apply, cut: 3 },
        { do: "rot copy", copy: 1 },
        { do: "boot", cut: 5 },
      ],
    ],
    [
      "somebody goes back, and applies before the machine restarts",
      [
        newer,
        apply,
        { do: "activate", cut },
        { do: "boot", cut },
        { do: "watch", cut },
        newer,
        { do: "roll back", again: false, cut },
        apply,
        { do: "boot", cut },
      ],
    ],
    [
      "the power goes before a way back is noted",
      [
        newer,
        apply,
        { do: "activate", cut: 5 },
        { do: "watch", cut: 3 },
        { do: "roll back", again: true, cut: 2 },
      ],
    ],
    [
      "the power goes before it is noted that what waits was called off",
      [apply, { do: "activate", cut }, { do: "roll back", again: false, cut: 4 }, { do: "boot", cut }],
    ],
    [
      "the power goes in a second activation, and in the way back from the first",
      [
        { ...newer, isGood: false },
        apply,
        { do: "activate", cut },
        { do: "activate", cut: 2 },
        { do: "give up", cut: 2 },
      ],
    ],
    [
      "an older version, of which there is an old copy of the cluster, is tried and left",
      [
        newer,
        apply,
        { do: "activate", cut },
        { do: "boot", cut: 2 },
        { do: "watch", cut },
        { ...apply, back: 3, again: true },
        { do: "activate", cut },
        { do: "boot", cut },
        { do: "roll back", again: true, cut },
        { do: "boot", cut: 2 },
      ],
    ],
    [
      "both copies of the state rot while a system is on trial",
      [
        apply,
        { do: "activate", cut },
        { do: "rot copy", copy: 0 },
        { do: "boot", cut: 1 },
        { do: "rot copy", copy: 1 },
        apply,
        { do: "activate", cut },
        { do: "boot", cut: 4 },
      ],
    ],
  ])("%s", (_name, steps) => {
    expect(liveAll(steps)).toBeUndefined();
  });
});

test("300 lives break no promise", { timeout: 60_000 }, () => {
  for (let sequence = 0; sequence < 300; sequence++) {
    const broken = simulate(7, sequence);
    expect(broken && [broken.why, ...broken.steps.map(describeStep)]).toBeUndefined();
  }
});
