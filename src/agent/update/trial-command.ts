// `trial`: what init calls at a boot's beginning, in its course, and at its end.
import type { Outcome } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { readKernelCommandLine } from "../kernel-command-line.ts";
import { giveTryBack } from "./activate.ts";
import { readSystem, runningSlot } from "./box.ts";
import { prepareData } from "./data.ts";
import { told } from "./told.ts";
import { runTrial } from "./trial.ts";

const dataWords = {
  snapshot: "kept a copy of the cluster's state, as it was left by",
  restore: "the cluster is back as it was left by",
};

const trialWords: Readonly<Record<string, (host: Host) => Outcome>> = {
  prepare: (host) => {
    const { version, kubernetes } = readSystem(host);
    const isConfirmed = !readKernelCommandLine(host).isOnTrial;
    const move = prepareData(host, { slot: runningSlot(host), version, kubernetes, isConfirmed });
    if (move.do === "snapshot" || move.do === "restore")
      host.print("stderr", `${dataWords[move.do]} ${move.name}`);
    return exitCode.done;
  },
  watch: runTrial,
  leave: (host) => {
    giveTryBack(host);
    return exitCode.done;
  },
};

export const trialCommand = told((host, { words: [word, ...more] }) => {
  const run = word !== undefined && Object.hasOwn(trialWords, word) ? trialWords[word] : undefined;
  return run === undefined || more.length > 0
    ? { mistake: `prepare, watch or leave? not "${word ?? ""}"` }
    : run(host);
});
