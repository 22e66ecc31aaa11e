// What an update does, a command a step, each with the box that it begins on; for tests that have something go wrong in it.
import { runAgent } from "../../agent/main.ts";
import { makeSampleRelease } from "../fuzz/sample-release.ts";
import { keysOf, makeFixedSigner } from "../fuzz/signer.ts";
import { nodeByteMath } from "../node-math.ts";
import { type Box, hostOf, makeBox, put, switchOn } from "./box.ts";

const signer = makeFixedSigner(2);
const next = makeSampleRelease("1.1.0", signer, { kubernetes: "v1.38.0" });
export const DATABASE = "/data/kubesolo/kine/db/state.db";

export const agent = (box: Box, ...args: readonly string[]) => runAgent(hostOf(box), args, "1.0.0");

function fresh(): Box {
  const box = makeBox(nodeByteMath, makeSampleRelease("1.0.0", signer).slot, keysOf(signer));
  put(box, "/next.tar", next.bundle);
  return box;
}
function applied(): Box {
  const box = fresh();
  agent(box, "apply", "/next.tar");
  return box;
}
function onTrial(): Box {
  const box = applied();
  agent(box, "activate");
  switchOn(box);
  return box;
}
function settled(): Box {
  const box = onTrial();
  agent(box, "trial", "prepare");
  put(box, DATABASE, "written by 1.1.0\n");
  return box;
}
function confirmed(): Box {
  const box = settled();
  agent(box, "confirm");
  return box;
}
/** Back in the old slot, whose cluster isn't there yet. */
function back(): Box {
  const box = settled();
  agent(box, "rollback");
  switchOn(box);
  return box;
}

/** Name, the box before it, what the agent is told. */
export const updateSteps: readonly (readonly [string, () => Box, readonly string[]])[] = [
  ["apply", fresh, ["apply", "/next.tar"]],
  ["activate", applied, ["activate"]],
  ["a trial's first boot", onTrial, ["trial", "prepare"]],
  ["confirm", settled, ["confirm"]],
  ["the trial's watch", settled, ["trial", "watch"]],
  ["a try given back", settled, ["trial", "leave"]],
  ["rollback from a trial", settled, ["rollback"]],
  ["rollback of what counts", confirmed, ["rollback"]],
  ["the cluster's way back", back, ["trial", "prepare"]],
];
