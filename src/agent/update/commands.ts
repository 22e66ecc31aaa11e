// What the agent can be told to do about updates.
import * as v from "valibot";
import type { CommandLine, Outcome } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { readIfThere } from "../expected.ts";
import type { Host } from "../host.ts";
import { readKernelCommandLine } from "../kernel-command-line.ts";
import { places } from "../places.ts";
import { activate, confirm, giveTryBack, rollBack } from "./activate.ts";
import { applyRelease, checkRelease } from "./apply.ts";
import { readBooks } from "./books.ts";
import { readSystem, runningSlot } from "./box.ts";
import { prepareData } from "./data.ts";
import { isTold, UpdateFailure } from "./failure.ts";
import { withLock } from "./lock.ts";
import { isUrl } from "./source.ts";
import { UPDATE_LABEL, withStick } from "./stick.ts";
import { describeEvent, runTrial } from "./trial.ts";

type Run = (host: Host, line: CommandLine) => Outcome;

/** Tells what ends it in an orderly way. */
function told(work: Run): Run {
  return (host, line) => {
    try {
      return work(host, line);
    } catch (error) {
      if (!isTold(error)) throw error;
      host.print("stderr", error.message);
      if (error instanceof UpdateFailure && error.hint !== undefined)
        host.print("stderr", `hint: ${error.hint}`);
      return exitCode.failed;
    }
  };
}

/** Calls `work` with what a person named, or what is on a stick, or else what the configuration names. */
function fromSource(host: Host, { words }: CommandLine, work: (where: string) => Outcome): Outcome {
  const [named, more] = words;
  if (more !== undefined) return { mistake: `one bundle, not also "${more}"` };
  if (named !== undefined) {
    if (isWhere(named)) return work(named);
    return { mistake: `neither an absolute path nor a URL: "${named}"` };
  }
  const outcome = withStick(host, work);
  if (outcome !== undefined) return outcome;
  const configured = readSource(host);
  if (configured === undefined)
    return {
      mistake: `no bundle is given; nor is there a stick ${UPDATE_LABEL}, nor kubesolo.updates.source in the configuration`,
    };
  if (isWhere(configured)) return work(configured);
  throw new UpdateFailure(
    `kubesolo.updates.source: this version takes no updates from ${configured}`,
    "name an http or https URL",
  );
}

const isWhere = (text: string): boolean => isUrl(text) || text.startsWith("/");

const Updates = v.object({ source: v.nullish(v.string()) });

function readSource(host: Host): string | undefined {
  const text = readIfThere(host, places.updates, 65_536) ?? "{}";
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), Updates), text);
  return (result.success && result.output.source) || undefined;
}

const insistence = ({ options }: CommandLine) => ({
  allowDowngrade: options.has("--allow-downgrade"),
  again: options.has("--again"),
});

export const checkCommand = told((host, line) =>
  fromSource(host, line, (where) => {
    const { version, sequence, kubernetes } = checkRelease(host, where, insistence(line)).manifest;
    host.print("stdout", `${version}, sequence ${sequence}, Kubernetes ${kubernetes}: can be installed`);
    return exitCode.done;
  }),
);

export const applyCommand = told((host, line) =>
  withLock(host, () =>
    fromSource(host, line, (where) => {
      const { version, slot } = applyRelease(host, checkRelease(host, where, insistence(line)));
      host.print(
        "stdout",
        `${version} is in slot ${slot}; kubesolo-os-agent activate has it tried at the next boot`,
      );
      return exitCode.done;
    }),
  ),
);

export const activateCommand = told((host, line) =>
  withLock(host, () => {
    const version = activate(host);
    host.print("stdout", `${version} is on trial from the next boot on`);
    return rebootIfAsked(host, line);
  }),
);

export const updateCommand = told((host, line) =>
  withLock(host, () => {
    const outcome = fromSource(host, line, (where) => {
      applyRelease(host, checkRelease(host, where, insistence(line)));
      host.print("stdout", `${activate(host)} is on trial; restarting`);
      return exitCode.done;
    });
    // When the stick isn't in use any more.
    return outcome === exitCode.done ? reboot(host) : outcome;
  }),
);

export const confirmCommand = told((host) =>
  withLock(host, () => {
    host.print("stdout", `${confirm(host)} counts from now on`);
    return exitCode.done;
  }),
);

export const rollbackCommand = told((host, line) =>
  withLock(host, () => {
    const slot = rollBack(host, "a person said so", { again: line.options.has("--again") });
    host.print("stdout", `slot ${slot} is started from the next boot on`);
    return rebootIfAsked(host, line);
  }),
);

export const historyCommand = told((host, { options }) => {
  const { history } = readBooks(host);
  if (options.has("--json")) host.print("stdout", JSON.stringify(history, undefined, 2));
  else host.print("stdout", history.map(describeEvent).join("\n") || "no update was made here yet");
  return exitCode.done;
});

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

function rebootIfAsked(host: Host, { options }: CommandLine): Outcome {
  return options.has("--reboot") ? reboot(host) : exitCode.done;
}

function reboot(host: Host): Outcome {
  return host.run(["reboot"], { timeoutMs: 10_000 }).exitCode === 0 ? exitCode.done : exitCode.failed;
}
