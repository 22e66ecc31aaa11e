// Watches a network that is on trial until there is a verdict: trial.ts decides, this looks and does.

import { listIfThere } from "../expected.ts";
import type { Host } from "../host.ts";
import { readKernelCommandLine } from "../kernel-command-line.ts";
import { setUp } from "./apply.ts";
import { hasCarrier, readCards } from "./cards.ts";
import { dhcpEverywhere } from "./links.ts";
import type { NetworkPlan } from "./plan.ts";
import { complain, type DefaultRoute, parseDefaultRoutes, type Reach } from "./reach.ts";
import { networkPlaces } from "./records.ts";
import {
  forgetAttempt,
  hashOf,
  readApplied,
  readAttempt,
  readGood,
  writeAttempt,
  writeGood,
} from "./store.ts";
import { judge, type Seen, type Trial } from "./trial.ts";

const PAUSE_MS = 2_000;
const DEFAULT_LIMIT_SECONDS = 120;

/**
 * Ends at once when nothing is on trial. `configuredSeconds` is the configuration's limit, 0 for none; the command line's goes
 * before it. What becomes of it is told by `tell`, as it happens. Returns why the configuration
 * doesn't count any longer, if so.
 */
export function guardNetwork(
  host: Host,
  tell: (text: string) => void,
  configuredSeconds?: number,
): string | undefined {
  const applied = readApplied(host);
  if (applied?.isOnTrial !== true) return undefined;
  const { plan, hash } = applied;
  const good = readGood(host);
  const fallback = good?.plan ?? dhcpEverywhere;
  const fallbackName = good === undefined ? "DHCP on every wired link" : "the last one that worked";
  const limitMs = limitOf(readKernelCommandLine(host).networkLimitSeconds ?? configuredSeconds);
  let trial: Trial = { phase: "configuration", elapsedMs: 0 };
  const counted = readAttempt(host)?.tries ?? 1;
  let tries = counted;
  let lastMs = host.uptime();
  for (;;) {
    // Name servers count only where they have been of use before: at a first configuration, they may not be there yet.
    const seen = look(host, trial.phase === "fallback" ? fallback : plan, good !== undefined);
    const now = triesSoFar(trial, seen, counted);
    if (now !== tries) writeAttempt(host, { hash, tries: now });
    tries = now;
    const nowMs = host.uptime();
    const turn = judge(trial, seen, nowMs - lastMs, limitMs);
    lastMs = nowMs;
    trial = turn.trial;
    if (turn.setUp === "fallback") {
      tell(`the network's configuration doesn't work: ${trial.failure}; trying ${fallbackName}`);
      for (const problem of setUp(host, fallback, true)) tell(problem);
    }
    if (turn.setUp === "configuration") {
      tell(`${fallbackName} doesn't work either: back to the network's configuration`);
      for (const problem of setUp(host, plan, true)) tell(problem);
    }
    if (turn.verdict === "good") {
      writeGood(host, { hash: hashOf(host, plan), plan });
      forgetAttempt(host);
      tell("the network's configuration works");
      return undefined;
    }
    if (turn.verdict === "failed") {
      const failure = trial.failure ?? "no reason is known";
      writeAttempt(host, { hash, tries: 0, failure });
      tell(`${fallbackName} works: the network's configuration isn't tried again until it is changed`);
      return `the network's configuration failed: ${failure}; ${fallbackName} counts`;
    }
    host.sleep(PAUSE_MS);
  }
}

/** A boot on a bench without a cable is no try, and neither is one at which nothing works. */
function triesSoFar({ phase }: Trial, { hasCarrier: isPlugged }: Seen, counted: number): number {
  if (phase === "undecided") return 0;
  return isPlugged ? counted : counted - 1;
}

/** In milliseconds. Nobody waits for 0 s: it is how people write "never". */
function limitOf(seconds: number = DEFAULT_LIMIT_SECONDS): number {
  return seconds === 0 ? Number.POSITIVE_INFINITY : seconds * 1000;
}

function look(host: Host, plan: NetworkPlan, wantsDns: boolean): Seen {
  const complaint = complain(plan, lookFar(host, plan, wantsDns));
  const seen = { hasCarrier: readCards(host).some(({ name }) => hasCarrier(host, name)) };
  return complaint === undefined ? seen : { ...seen, complaint };
}

function lookFar(host: Host, plan: NetworkPlan, wantsDns: boolean): Reach {
  const leases = listIfThere(host, networkPlaces.leases);
  const routes = parseDefaultRoutes(host.readText("/proc/net/route", 1024 * 1024));
  const servers = [plan, ...plan.links].flatMap(({ nameservers }) => nameservers);
  const isAsked = wantsDns && servers.length > 0;
  return {
    leases,
    defaultRoutes: routes.map((route) => ({
      ...route,
      isAlive: leases.includes(route.link) || isAnswering(host, route),
    })),
    connected: (readApplied(host)?.addressed ?? []).filter((name) => hasCarrier(host, name)),
    ...(isAsked ? { hasDns: servers.some((server) => isNameServer(host, server)) } : {}),
  };
}

function isAnswering(host: Host, { link, gateway }: DefaultRoute): boolean {
  return succeeds(host, ["arping", "-f", "-q", "-c", "2", "-w", "2", "-I", link, gateway]);
}

/** Any answer will do, "no such name" too. */
function isNameServer(host: Host, server: string): boolean {
  const args = ["nslookup", "-type=soa", "-timeout=2", "-retry=1", ".", server];
  const { stdout, stderr } = host.run(args, { timeoutMs: 10_000 });
  return !/timed out|no servers could be reached|can't connect/.test(stdout + stderr);
}

function succeeds(host: Host, args: readonly string[]): boolean {
  return host.run(args, { timeoutMs: 10_000 }).exitCode === 0;
}
