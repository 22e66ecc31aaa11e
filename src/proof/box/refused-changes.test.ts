// Each change that a command makes is refused once, by a full disk or a broken one, or ends the agent: the command ends in an orderly way, a
// slot that verifies starts, and the update can be made after all.
import { describe, expect, test } from "vitest";
import { runAgent } from "../../agent/main.ts";
import { readBooks } from "../../agent/update/books.ts";
import type { Slot } from "../../release/boot-state.ts";
import { type Box, copyBox, fileOf, hostOf, slotFolders, stateOf, switchOn, verifies } from "./box.ts";
import { HostError } from "./memory-host.ts";
import { agent, DATABASE, updateSteps } from "./update-steps.ts";

class Killed extends Error {}

const effects: Readonly<Record<string, () => Error>> = {
  kill: () => new Killed(),
  enospc: () => new HostError("ENOSPC", "no space left on device"),
  eio: () => new HostError("EIO", "input/output error"),
};

describe.each(Object.keys(effects))("with %s at each of its changes", (effect) => {
  test.each(updateSteps)("%s", { timeout: 60_000 }, (_name, makeBox_, args) => {
    const start = makeBox_();
    let refused = 0;
    for (let at = 0; ; at++) {
      const box = copyBox(start);
      const call = runRefusing(box, args, at, effect);
      if (call === undefined) break;
      refused += 1;
      expect(outcome(box), `${args.join(" ")}, ${effect} at ${at}: ${call}`).toBe("well");
    }
    expect(refused).toBeGreaterThan(3);
  });
});

/** Which change was refused; undefined: there are no more. */
function runRefusing(box: Box, args: readonly string[], at: number, effect: string): string | undefined {
  let changes = 0;
  let refused: string | undefined;
  const host = hostOf(box, (call) => {
    changes += 1;
    if (changes !== at + 1) return;
    refused = call;
    throw effects[effect]?.();
  });
  try {
    const code = runAgent(host, args, "1.0.0");
    if (code !== 0 && code !== 1) throw new Error(`exit code ${code}`);
  } catch (error) {
    // A program can't be refused by a disk: it isn't there, or ends badly. Only the lock's holder can be killed.
    if (!(error instanceof Killed)) throw error;
  }
  return refused;
}

/** The power goes; then the box does as it always does, and whoever updated it tries again. */
function outcome(box: Box): string {
  const { slot } = switchOn(box);
  if (slot === undefined || !verifies(box, slot)) return "no slot that verifies";
  const trial = stateOf(box)?.trial;
  agent(box, "trial", "prepare");
  if (agent(box, "trial", "watch") !== 0) return "the trial isn't watched";
  const after = stateOf(box);
  if (after?.trial !== undefined || after?.activeSlot !== slot)
    return `not settled: ${JSON.stringify(after)}, was ${trial}`;
  if (slot === "A" && text(box, DATABASE) !== "a database\n")
    return `another cluster: ${text(box, DATABASE)}`;
  if (readBooks(hostOf(box)).note?.step === "activated") return "an update that nobody settled";
  if (slot === "B") return "well";
  agent(box, "apply", "--again", "/next.tar");
  if (agent(box, "activate") !== 0) return "it can't be made again";
  return switchOn(box).slot === "B" && versionOf(box, "B") === "1.1.0" ? "well" : "the new one isn't tried";
}

function text(box: Box, path: string): string {
  return box.math.decodeUtf8(fileOf(box, path) ?? new Uint8Array());
}

function versionOf(box: Box, slot: Slot): string {
  return (JSON.parse(text(box, `${slotFolders[slot]}/release.json`)) as { version: string }).version;
}
