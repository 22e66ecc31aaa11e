import { expect, test } from "vitest";
import { makeLife, stateOf } from "../proof/simulator/life.ts";
import { live } from "../proof/simulator/live.ts";
import { describeStep, WHOLE } from "../proof/simulator/step.ts";
import { choosePlan, isCut, RELEASES_MAX, themes } from "./choose.ts";

const plans = Array.from({ length: 50 }, (_, index) => choosePlan(index + 1, 12));

test("the same seed is the same life", () => {
  expect(choosePlan(7, 12)).toEqual(plans[6]);
});

test("each life has a trial, and ends in a confirmed slot that runs", { timeout: 60_000 }, () => {
  for (const { seed, steps } of plans) {
    const life = makeLife();
    let hasTrial = false;
    for (const step of steps) {
      live(life, step);
      hasTrial ||= life.isTrial;
    }
    const state = stateOf(life);
    const end = { hasTrial, trial: state?.trial, runs: state?.activeSlot === life.running };
    expect(end, `${seed}: ${steps.map(describeStep).join("; ")}`).toEqual({ hasTrial: true, runs: true });
    expect(life.releases.length).toBeLessThanOrEqual(RELEASES_MAX + 1);
    expect(steps.length).toBeLessThanOrEqual(12);
  }
});

test("in fifty lives there is all that can happen, half of them with power cuts in commands", () => {
  const kinds = new Set(plans.flatMap(({ steps }) => steps.map((step) => step.do)));
  expect([...kinds].sort()).toEqual(
    [
      ...["activate", "apply", "boot", "give up", "publish", "reset", "restart", "roll back"],
      ...["rot copy", "rot slot", "set clock", "watch"],
    ].sort(),
  );
  expect(plans.filter(({ steps }) => steps.some(isCut))).toHaveLength(25);
  expect(plans.every(({ hasCuts, steps }) => hasCuts === steps.some(isCut))).toBe(true);
});

test("wherever the power goes, one slot can be started", () => {
  for (const { seed, steps, hasCuts } of plans) {
    const life = makeLife();
    for (const [index, step] of steps.entries()) {
      if (hasCuts && step.do === "rot slot") {
        // Whether what came before was cut short, and left the other slot in parts, nobody knows.
        expect(
          steps.slice(0, index).filter((before) => isCut(before) || before.do === step.do),
          `${seed}`,
        ).toEqual([]);
        if (step.slot === life.running)
          expect(steps[index + 1], `${seed}`).toEqual({ do: "boot", cut: WHOLE });
      }
      live(life, step);
    }
  }
});

test.each(["confirmed", "failed"])("of each theme there are lives with cuts and without: %s", (theme) => {
  const own = plans.filter(({ seed }) => themes[(seed - 1) % themes.length] === theme);
  expect(new Set(own.map(({ hasCuts }) => hasCuts)).size).toBe(2);
});
