// Sets the network up as a configuration says, or as the last one that worked did.

import { isHostFailure } from "../expected.ts";
import type { Host } from "../host.ts";
import { readKernelCommandLine } from "../kernel-command-line.ts";
import { readCards } from "./cards.ts";
import { assignCards, type FoundLink } from "./found.ts";
import { dhcpEverywhere, planLinks } from "./links.ts";
import type { NetworkPlan } from "./plan.ts";
import { planReset } from "./reset.ts";
import { describeStep, type Step } from "./steps.ts";
import { hashOf, markDone, readApplied, readAttempt, readGood, writeApplied, writeAttempt } from "./store.ts";
import { chooseNetwork } from "./trial.ts";

/** A card on USB may show up a moment after the others. */
const CARD_LIMIT_MS = 5_000;
const STEP_LIMIT_MS = 20_000;

/** Returns what is wrong; nothing of it ends a boot. */
export function applyNetwork(host: Host, plan: NetworkPlan): string[] {
  const { hasNetwork, configuration } = readKernelCommandLine(host);
  if (hasNetwork) return ["ip= on the kernel command line counts, and not the configuration's network"];
  if (configuration !== undefined && /^https?:/.test(configuration))
    return ["a configuration that comes over the network can't configure it"];
  const hash = hashOf(host, plan);
  const good = readGood(host);
  const choice = chooseNetwork(hash, good, readAttempt(host));
  if (choice.attempt !== undefined) writeAttempt(host, choice.attempt);
  if (choice.uses === "wanted") return setUp(host, plan, choice.isOnTrial);
  return [choice.message, ...setUp(host, good?.plan ?? dhcpEverywhere, false)];
}

/** Takes cards in that have shown up since, if the configuration means them. */
export function plugIn(host: Host): string[] {
  const applied = readApplied(host);
  if (applied === undefined) return [];
  const now = readCards(host);
  const isNew = ({ index }: FoundLink) => !applied.before.some((card) => card.index === index);
  const isMeant = [...assignCards(applied.plan, now).cards.values()].flat().some(isNew);
  return isMeant ? setUp(host, applied.plan, applied.isOnTrial) : [];
}

/** In the place of whatever was set up before. */
export function setUp(host: Host, plan: NetworkPlan, isOnTrial: boolean): string[] {
  const last = readApplied(host);
  const resetting = last === undefined ? [] : planReset(last.before, readCards(host), last.made);
  const problems = carryOut(host, resetting);
  const found = waitForCards(host, plan);
  const before = withNew(last?.before ?? [], found);
  const wanted = planLinks(plan, found);
  const isLost = wanted.isEmpty && found.length > 0;
  const { steps, made, addressed } = isLost ? planLinks(dhcpEverywhere, found) : wanted;
  const applied = {
    plan,
    hash: hashOf(host, plan),
    before,
    made,
    addressed,
    isOnTrial,
  };
  writeApplied(host, applied);
  problems.push(
    ...wanted.messages,
    ...(isLost ? ["none of the configuration's links is there: DHCP on every wired link"] : []),
    ...carryOut(host, steps),
  );
  markDone(host);
  return problems;
}

/** Cards as they were when they were seen first. */
function withNew(before: readonly FoundLink[], found: readonly FoundLink[]): FoundLink[] {
  return [...before, ...found.filter(({ index }) => !before.some((card) => card.index === index))];
}

/** All steps, whichever fail: one address of two is better than none. */
function carryOut(host: Host, steps: readonly Step[]): string[] {
  return steps.flatMap((step) => {
    const complaint = attemptStep(host, step);
    return complaint === undefined ? [] : `cannot ${describeStep(step)}: ${complaint}`;
  });
}

function attemptStep(host: Host, step: Step): string | undefined {
  try {
    if (step.do === "write") host.writeThrough(step.path, step.content);
    else if (step.do === "note") host.writeFile(step.path, step.content);
    else {
      const { exitCode, isTimedOut, stderr } = host.run(step.args, { timeoutMs: STEP_LIMIT_MS });
      if (exitCode !== 0) return isTimedOut ? "no end" : stderr.trim() || `exit code ${exitCode}`;
    }
    return undefined;
  } catch (error) {
    if (isHostFailure(error)) return error.message;
    throw error;
  }
}

function waitForCards(host: Host, plan: NetworkPlan): FoundLink[] {
  const endMs = host.uptime() + CARD_LIMIT_MS;
  for (;;) {
    const found = readCards(host);
    const { cards } = assignCards(plan, found);
    const isMissing = ({ id, kind, isOptional }: NetworkPlan["links"][number]) =>
      kind.type === "physical" && !isOptional && cards.get(id)?.length === 0;
    if (!plan.links.some(isMissing) || host.uptime() >= endMs) return found;
    host.sleep(250);
  }
}
