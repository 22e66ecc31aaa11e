// Each point at which an image for tests can be made to fail lies on the way of an update, and no other image has it.
import { describe, expect, test } from "vitest";
import { withFaults } from "../../agent/faults.ts";
import { runAgent } from "../../agent/main.ts";
import { places } from "../../agent/places.ts";
import { type AgentPoint, agentPoints } from "../../release/fault-points.ts";
import { type Box, copyBox, fileOf, hostOf, put } from "./box.ts";
import { updateSteps } from "./update-steps.ts";

/** Which of an update's commands fail there. */
function failing(
  point: string,
  effect: string,
  change = (box: Box) => put(box, places.faults, ""),
): string[] {
  return updateSteps.flatMap(([name, makeBox, args]) => {
    const box = copyBox(makeBox());
    change(box);
    const words = box.math.decodeUtf8(fileOf(box, places.commandLine) ?? new Uint8Array());
    put(box, places.commandLine, `${words}kubesolo.fault=${point}:${effect}\n`);
    const host = hostOf(box);
    runAgent(withFaults(host), args, "1.0.0");
    return host.printed.some((line) => line === `fault: ${point}:${effect}`) ? [name] : [];
  });
}

/** Reached only where a failed system has left something, Kubernetes answers, or the machine is restarted. */
const onMachinesOnly: readonly AgentPoint[] = ["last-words", "told", "reboot"];

describe("a point of the agent", () => {
  const points = Object.keys(agentPoints) as AgentPoint[];
  test.each(points.filter((point) => !onMachinesOnly.includes(point)))("%s is reached", (point) => {
    expect(failing(point, "enospc")).not.toEqual([]);
  });

  test("is none in an image that isn't for tests", () => {
    expect(failing("books", "enospc", () => {})).toEqual([]);
  });

  test.each(["books", "books:", "books:explode", "nothing:kill", ""])('is none of "%s"', (text) => {
    expect(failing(text, "")).toEqual([]);
  });
});
