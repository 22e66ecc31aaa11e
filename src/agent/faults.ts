// In an image of `build --faults`, the agent fails before one of its changes, as `kubesolo.fault=POINT:EFFECT` says. Any other image has it as it is.
import { type AgentPoint, type FaultEffect, parseAgentFault } from "../release/fault-points.ts";
import type { Host, HostFailure } from "./host.ts";
import { readKernelCommandLine } from "./kernel-command-line.ts";
import { places } from "./places.ts";
import { processId } from "./update/process.ts";

interface Change {
  readonly call: "writeFile" | "writeBlocks" | "copyPiece" | "makeSymlink" | "rename" | "run";
  /** What its words are, joined by spaces. */
  readonly words: RegExp;
  /** The so-many-th time. */
  readonly time?: number;
}

const FOR_EVER_MS = 1e9;

const changes: Readonly<Record<AgentPoint, Change>> = {
  lock: { call: "makeSymlink", words: ends(places.updateLock) },
  books: { call: "writeFile", words: begins(places.updateBooks) },
  "slot-emptied": { call: "run", words: /^\/usr\/sbin\/mke2fs / },
  "slot-file": { call: "copyPiece", words: /\/update-slot/, time: 2 },
  "slot-manifest": { call: "writeFile", words: /\/update-slot\S*\/release\.json( |$)/ },
  "boot-state": { call: "writeBlocks", words: /./ },
  "boot-state-again": { call: "writeBlocks", words: /./, time: 2 },
  "data-named": { call: "writeFile", words: /\/update\/writer\.json( |$)/ },
  "data-copied": { call: "rename", words: /\.new / },
  "data-restored": { call: "rename", words: /\.restored / },
  "last-words": { call: "writeFile", words: /\/update\/failed\// },
  "trial-ended": { call: "writeFile", words: begins(places.trialEnded) },
  told: { call: "writeFile", words: begins(places.updateTold) },
  reboot: { call: "run", words: /^reboot$/ },
};

/** The same host, unless the image is one for tests and a fault is asked for. */
export function withFaults(host: Host): Host {
  if (host.stat(places.faults) === undefined) return host;
  const fault = parseAgentFault(readKernelCommandLine(host).fault);
  if (fault === undefined) return host;
  const { call, words: which, time = 1 } = changes[fault.point];
  let times = 0;
  const original = host[call] as (...args: unknown[]) => unknown;
  const failing = (...args: unknown[]) => {
    const isThere = which.test(wordsOf(args));
    if (isThere) times += 1;
    if (isThere && times === time) fail(host, fault);
    return original(...args);
  };
  return { ...host, [call]: failing };
}

function wordsOf(args: readonly unknown[]): string {
  return args
    .flat()
    .filter((arg) => typeof arg === "string")
    .join(" ");
}

/** Returns only where the effect is one that a program can go on after. */
function fail(host: Host, { point, effect }: { point: AgentPoint; effect: FaultEffect }): void {
  host.print("stderr", `fault: ${point}:${effect}`);
  switch (effect) {
    case "enospc":
      throw refusal("ENOSPC", "no space left on device");
    case "eio":
      throw refusal("EIO", "input/output error");
    case "kill":
      host.run(["kill", "-KILL", processId(host)], { timeoutMs: 10_000 });
      return;
    case "panic":
      host.writeThrough("/proc/sysrq-trigger", "c");
      return;
    case "poweroff":
      host.writeThrough("/proc/sysrq-trigger", "o");
      host.sleep(FOR_EVER_MS);
      return;
    case "hang":
      host.sleep(FOR_EVER_MS);
  }
}

function refusal(code: string, message: string): HostFailure {
  return Object.assign(new Error(message), { name: "HostError" as const, code });
}

function begins(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(".", "\\.")}( |$)`);
}

function ends(path: string): RegExp {
  return new RegExp(`${path.replaceAll(".", "\\.")}$`);
}
