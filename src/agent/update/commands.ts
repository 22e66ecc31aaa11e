// What the agent can be told to do about updates.
import type { CommandLine, Outcome } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { activate, confirm, rollBack } from "./activate.ts";
import { type Ask, applyRelease, checkRelease } from "./apply.ts";
import { readBooks } from "./books.ts";
import { isTold } from "./failure.ts";
import { withLock } from "./lock.ts";
import { notingRefusals } from "./refused.ts";
import { onSchedule } from "./schedule.ts";
import { readSettings } from "./settings.ts";
import type { Release } from "./source/source.ts";
import { fromSource } from "./source/where.ts";
import { describeHistory, listHistory } from "./tell/history.ts";
import { tellUpdates } from "./tell/tell.ts";
import { type Run, told } from "./told.ts";

function askedFor(host: Host, { options }: CommandLine): Ask {
  const { channel } = readSettings(host);
  const insistence = {
    allowDowngrade: options.has("--allow-downgrade"),
    again: options.has("--again"),
  };
  return { insistence, isUnattended: options.has("--scheduled"), ...(channel !== undefined && { channel }) };
}

type Say = (text: string) => void;

const toStdout =
  (host: Host): Say =>
  (text) =>
    host.print("stdout", text);

/** Looks at what there is; says so when there is nothing new. */
function withRelease(
  host: Host,
  line: CommandLine,
  where: string,
  work: (release: Release) => Outcome,
  say: Say = toStdout(host),
): Outcome | undefined {
  const release = checkRelease(host, where, askedFor(host, line));
  if (!("upToDate" in release)) return work(release);
  say(release.upToDate);
  return undefined;
}

/** It mounts and notes what an update does, too. */
export const checkCommand = told((host, line) =>
  withLock(host, () =>
    fromSource(host, line.words, (where) =>
      withRelease(host, line, where, ({ manifest: { version, sequence, kubernetes } }) => {
        host.print("stdout", `${version}, sequence ${sequence}, Kubernetes ${kubernetes}: can be installed`);
        return exitCode.done;
      }),
    ),
  ),
);

/** The same, by who would install it: what is refused is noted. `skip`: says why, and the next place is asked. */
function installing(
  host: Host,
  line: CommandLine,
  work: (release: Release) => Outcome,
  { say, skip }: { say?: Say; skip?: Say } = {},
): Outcome {
  return fromSource(host, line.words, (where) => {
    try {
      return notingRefusals(host, where, () => withRelease(host, line, where, work, say));
    } catch (error) {
      if (skip === undefined || !isTold(error)) throw error;
      skip(error.message);
      return undefined;
    }
  });
}

export const applyCommand = told((host, line) =>
  withLock(host, () =>
    installing(host, line, (release) => {
      const { version, slot } = applyRelease(host, release);
      host.print(
        "stdout",
        `${version} is in slot ${slot}; kubesolo-os-agent activate has it tried at the next boot`,
      );
      tellUpdates(host);
      return exitCode.done;
    }),
  ),
);

export const activateCommand = told((host, line) =>
  withLock(host, () => {
    const version = activate(host);
    host.print("stdout", `${version} is on trial from the next boot on`);
    tellUpdates(host);
    return rebootIfAsked(host, line);
  }),
);

export const updateCommand: Run = (host, line) =>
  line.options.has("--scheduled") ? updateOnSchedule(host, line) : told(updateNow)(host, line);

function updateNow(host: Host, line: CommandLine, say: Say = toStdout(host), skip?: Say): Outcome {
  return withLock(host, () => {
    let isActivated = false;
    const install = (release: Release) => {
      applyRelease(host, release);
      say(`${activate(host)} is on trial; restarting`);
      isActivated = true;
      return exitCode.done;
    };
    const outcome = installing(host, line, install, { say, ...(skip !== undefined && { skip }) });
    if (!isActivated) return outcome;
    tellUpdates(host);
    // When the stick isn't in use any more.
    return reboot(host);
  });
}

/** What came of it is the text, whatever it is. An old stick that somebody left in doesn't keep the source from being asked. */
function updateOnSchedule(host: Host, line: CommandLine): Outcome {
  return onSchedule(host, () => {
    const said: string[] = [];
    const say = (text: string) => {
      said.push(text);
    };
    try {
      const outcome = updateNow(host, line, say, say);
      if (typeof outcome !== "number") say(outcome.mistake);
    } catch (error) {
      if (!isTold(error)) throw error;
      say(error.message);
    }
    return said.join("; ");
  });
}

export const confirmCommand = told((host) =>
  withLock(host, () => {
    host.print("stdout", `${confirm(host)} counts from now on`);
    tellUpdates(host);
    return exitCode.done;
  }),
);

export const rollbackCommand = told((host, line) =>
  withLock(host, () => {
    const slot = rollBack(host, "a person said so", { again: line.options.has("--again") });
    host.print("stdout", `slot ${slot} is started from the next boot on`);
    tellUpdates(host);
    return rebootIfAsked(host, line);
  }),
);

export const historyCommand = told((host, { options }) => {
  const books = readBooks(host);
  if (options.has("--json")) host.print("stdout", JSON.stringify(listHistory(books), undefined, 2));
  else host.print("stdout", describeHistory(books).join("\n") || "no update was made here yet");
  return exitCode.done;
});

function rebootIfAsked(host: Host, { options }: CommandLine): Outcome {
  return options.has("--reboot") ? reboot(host) : exitCode.done;
}

function reboot(host: Host): Outcome {
  return host.run(["reboot"], { timeoutMs: 10_000 }).exitCode === 0 ? exitCode.done : exitCode.failed;
}
