// `update --scheduled`: chores calls it every quarter of an hour where the configuration says auto. It asks once an hour, in the
// configuration's hours, and says something only when it is something else than the last time.
import * as v from "valibot";
import { exitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { readJson } from "../json.ts";
import { readKernelCommandLine } from "../kernel-command-line.ts";
import { places } from "../places.ts";
import { readSettings, type Settings } from "./settings.ts";
import { isInWindow, type LocalTime, parseLocalTime } from "./window.ts";

const ASK_EVERY_MS = 3_600_000;

const Attempt = v.object({ uptimeMs: v.number(), said: v.string() });
type Attempt = v.InferOutput<typeof Attempt>;

/** Whether it is time to ask. Pure. */
export function isDue(
  { auto, window }: Pick<Settings, "auto" | "window">,
  now: LocalTime | undefined,
  sinceLastMs: number,
): boolean {
  if (!auto || sinceLastMs < ASK_EVERY_MS) return false;
  // Who doesn't know the time is in no hours.
  return now === undefined ? window.length === 0 : isInWindow(window, now);
}

/** Calls `work` if it is time; its text is what became of it. */
export function onSchedule(host: Host, work: () => string): typeof exitCode.done {
  // First it has to come to something.
  if (readKernelCommandLine(host).isOnTrial && host.stat(places.trialEnded) === undefined)
    return exitCode.done;
  const last = readAttempt(host);
  const time = host.run(["date", "+%u %H:%M"], { timeoutMs: 10_000 }).stdout;
  const since = last === undefined ? Number.POSITIVE_INFINITY : host.uptime() - last.uptimeMs;
  if (!isDue(readSettings(host), parseLocalTime(time), since)) return exitCode.done;
  // Before anything is done: what ends the agent isn't tried again at once.
  noteAttempt(host, last?.said ?? "");
  const said = work();
  if (said !== last?.said) host.print("stderr", `update: ${said}`);
  noteAttempt(host, said);
  return exitCode.done;
}

function noteAttempt(host: Host, said: string): void {
  const attempt: Attempt = { uptimeMs: host.uptime(), said };
  host.writeFile(places.updateAttempt, JSON.stringify(attempt));
}

/** Of this boot. */
function readAttempt(host: Host): Attempt | undefined {
  return readJson(host, places.updateAttempt, 65_536, Attempt);
}
