// `trial`: init calls it once a boot when there may be something to settle. On trial, it watches until the system has shown that it
// is healthy, or ends the try.
import { type ExitCode, exitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { readKernelCommandLine } from "../kernel-command-line.ts";
import { places } from "../places.ts";
import { confirm, rollBack, writeNext } from "./activate.ts";
import { at, type HistoryEvent, readBooks, withEvent, writeBooks } from "./books.ts";
import { readBootRecord } from "./boot-record.ts";
import { readSystem, runningSlot } from "./box.ts";
import { type Gate, type GateLimits, judge, lookAtHealth } from "./health.ts";
import { settle } from "./settle.ts";

export const gateLimits: GateLimits = { settleMs: 60_000, deadlineMs: 600_000 };

const LOOK_EVERY_MS = 5000;

export function runTrial(host: Host): ExitCode {
  const running = runningSlot(host);
  const record = readBootRecord(host);
  const books = readBooks(host);
  const { reason } = readKernelCommandLine(host);
  const settled = settle(books, {
    ...{ running, state: record.state, version: readSystem(host).version, nowMs: host.now() },
    ...(reason === undefined ? {} : { reason }),
  });
  // First the state, which counts; what is told of it can be told again.
  if (settled.takesOver)
    writeNext(host, record, running, {
      activeSlot: running,
      reason: record.state === undefined ? "state-lost" : "slot-damaged",
    });
  if (settled.books !== books) {
    writeBooks(host, settled.books);
    const event = settled.books.history.at(-1);
    if (event !== undefined) host.print("stderr", describeEvent(event));
  }
  return settled.isOnTrial ? watch(host) : exitCode.done;
}

/** Until the verdict. */
function watch(host: Host): ExitCode {
  const held = readBooks(host).note?.held ?? [];
  let gate: Gate = {};
  for (;;) {
    const verdict = judge(gate, lookAtHealth(host, held), gateLimits);
    if (verdict.is === "healthy") {
      host.print("stderr", `update: ${confirm(host)} is healthy, and counts from now on`);
      return exitCode.done;
    }
    if (verdict.is !== "waiting") return endTry(host, verdict);
    gate = verdict.gate;
    host.sleep(LOOK_EVERY_MS);
  }
}

function endTry(host: Host, { is, why }: { is: "unhealthy" | "hopeless"; why: string }): ExitCode {
  host.writeFile(places.trialFailed, `${why}\n`);
  if (is === "hopeless") {
    const slot = rollBack(host, why, { reason: "unhealthy", again: true });
    host.print("stderr", `update: ${why}; going back to slot ${slot}`);
  } else {
    const system = { version: readSystem(host).version, slot: runningSlot(host) };
    writeBooks(host, withEvent(readBooks(host), at(host, { what: "try failed", ...system, why })));
    host.print("stderr", `update: not healthy: ${why}; restarting`);
  }
  host.run(["reboot"], { timeoutMs: 10_000 });
  return exitCode.failed;
}

/** A line for a person. Pure. */
export function describeEvent({ atMs, what, version, slot, why }: HistoryEvent): string {
  const moment = new Date(atMs).toISOString().replace("T", " ").slice(0, 19);
  return `${moment}  ${what.padEnd(11)} ${version}, slot ${slot}${why === undefined ? "" : `: ${why}`}`;
}
