import { expect, test } from "vitest";
import { becomesTrue, type Wait, waitFor } from "./wait.ts";

/** Has a result at the third attempt. */
function third(timeoutMs: number): Wait<number> & { attempts: number } {
  const wait = {
    attempts: 0,
    timeoutMs,
    everyMs: 1,
    what: () => `the third; seen: ${wait.attempts}`,
    attempt: () => {
      wait.attempts += 1;
      return wait.attempts < 3 ? undefined : wait.attempts;
    },
  };
  return wait;
}

test("it is tried until there is a result", async () => {
  expect(await waitFor(third(10_000))).toBe(3);
});

test("it is tried once, however little time there is", async () => {
  await expect(waitFor(third(0))).rejects.toThrow("waited 0 s for the third; seen: 1");
});

test("what is waited on tells more of the trouble", async () => {
  const trouble = (message: string) => new Error(`${message}\nits last words`);
  await expect(waitFor(third(0), { trouble })).rejects.toThrow("seen: 1\nits last words");
});

test("a result counts before what is wrong, and nothing is waited for that can't come", async () => {
  const check = () => {
    throw new Error("it is gone");
  };
  expect(await waitFor({ ...third(10_000), attempt: () => "here" }, { check })).toBe("here");
  const wait = third(10_000);
  await expect(waitFor(wait, { check })).rejects.toThrow("it is gone");
  expect(wait.attempts).toBe(1);
});

test.each([
  ["becomes so in time", 10_000, true],
  ["doesn't", 0, false],
])("what %s is told", async (_, timeoutMs, expected) => {
  let looked = 0;
  const isSo = () => {
    looked += 1;
    return looked === 3;
  };
  expect(await becomesTrue(isSo, { timeoutMs, everyMs: 1 })).toBe(expected);
});
