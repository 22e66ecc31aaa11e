// `trial`: init calls it once a boot when there may be something to settle. On trial, it watches until the system has shown that it
// is healthy, or ends the try.
import { type ExitCode, exitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { readKernelCommandLine } from "../kernel-command-line.ts";
import { places } from "../places.ts";
import { confirm, rollBack, writeNext } from "./activate.ts";
import { at, type Books, readBooks, withEvent, withLastEvent, writeBooks } from "./books.ts";
import { mendBootState, readBootRecord } from "./boot-record.ts";
import { readSystem, runningSlot } from "./box.ts";
import { confirmWriter } from "./data.ts";
import { emptyBaseline } from "./health/baseline.ts";
import { type Gate, gateLimits, isWaitedFor, judge } from "./health/gate.ts";
import { lookAtHealth, lookAtOthers } from "./health/health.ts";
import { withLastWords } from "./last-words.ts";
import { settle } from "./settle.ts";
import { describeEvent } from "./tell/history.ts";
import { tellUpdates } from "./tell/tell.ts";

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
  if (settled.takesOver) writeNext(host, record, running, "start");
  // On trial, GRUB counts in one of the copies.
  if (!settled.isOnTrial) mendBootState(host, record);
  if (settled.isConfirmed) confirmWriter(host);
  if (settled.books !== books) tell(host, settled.books);
  const code = settled.isOnTrial ? watch(host) : exitCode.done;
  // Init calls again: a webhook's pods may only have to start.
  return code === exitCode.done && tellUpdates(host).length > 0 ? exitCode.failed : code;
}

/** Of a failure, with what is left of the system. */
function tell(host: Host, books: Books): void {
  const settled = books.history.at(-1);
  if (settled?.what !== "failed") {
    writeBooks(host, books);
    if (settled !== undefined) host.print("stderr", describeEvent(settled));
    return;
  }
  const back = { version: readSystem(host).version, slot: runningSlot(host) };
  const event = withLastWords(host, { ...settled, back });
  writeBooks(host, withLastEvent(books, event));
  host.print("stderr", describeEvent(event));
}

/** Until the verdict. */
function watch(host: Host): ExitCode {
  const baseline = readBooks(host).note?.baseline ?? emptyBaseline;
  let gate: Gate = {};
  let isTold = false;
  for (;;) {
    const look = lookAtHealth(host, baseline);
    const verdict = judge(gate, look, gateLimits);
    if ("why" in verdict) return endTry(host, verdict);
    if (verdict.is === "healthy") {
      const late = lookAtOthers(host, baseline);
      if (!isWaitedFor(late, look, gateLimits)) return confirmTrial(host, late);
      if (!isTold)
        host.print("stderr", `update: healthy; waiting for what was there before: ${late.join("; ")}`);
      isTold = true;
    }
    gate = verdict.gate;
    host.sleep(LOOK_EVERY_MS);
  }
}

function confirmTrial(host: Host, late: readonly string[]): ExitCode {
  const but = late.length === 0 ? "" : `, though not all is as before: ${late.join("; ")}`;
  host.print("stderr", `update: ${confirm(host, late)} is healthy, and counts from now on${but}`);
  return exitCode.done;
}

function endTry(host: Host, { is, why }: { is: "unhealthy" | "hopeless"; why: string }): ExitCode {
  host.writeFile(places.trialFailed, `${why}\n`);
  if (is === "hopeless") {
    const slot = rollBack(host, why, { event: "unhealthy", again: true });
    host.print("stderr", `update: ${why}; going back to slot ${slot}`);
  } else {
    const system = { version: readSystem(host).version, slot: runningSlot(host) };
    writeBooks(host, withEvent(readBooks(host), at(host, { what: "try failed", ...system, why })));
    host.print("stderr", `update: not healthy: ${why}; restarting`);
  }
  host.run(["reboot"], { timeoutMs: 10_000 });
  return exitCode.failed;
}
