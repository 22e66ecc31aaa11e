// What is seen of a system's health, before an update and after it. gate.ts decides, baseline.ts says what counts.

import { runPath } from "../../../release/run-files.ts";
import { listIfThere, readIfThere } from "../../expected.ts";
import type { Host } from "../../host.ts";
import { readCards } from "../../network/cards.ts";
import { places } from "../../places.ts";
import {
  type Baseline,
  cardProblems,
  lateThings,
  makeBaseline,
  signProblems,
  systemPodProblems,
  systemRestarts,
  unitProblems,
} from "./baseline.ts";
import { readUnits, WHOLE_ENGINE } from "./engine-units.ts";
import type { GateLimits, Look } from "./gate.ts";
import { readPods } from "./pods.ts";
import { lookAtSigns } from "./probes.ts";

/** The engine's own words for what no other start mends: sysexits.h's usage, data and configuration. */
const HOPELESS_CODES = ["64", "65", "78"];
/** With less, the engine ends with 78, whichever it is: people's volumes can fill the disk. */
const FULL_BYTES = 32 * 2 ** 20;

/** What of the system isn't as it was before the update. Later questions need what the earlier ones ask about. */
export function lookAtHealth(host: Host, baseline: Baseline): Look {
  const isFull = host.freeBytes("/data") < FULL_BYTES;
  const why = whyHopeless(host);
  const isHopeless = why !== undefined && !isFull && !baseline.ill.includes(WHOLE_ENGINE);
  const first = [
    ...(why !== undefined && isFull ? ["the data partition is full"] : []),
    ...unitProblems(readUnits(host), baseline),
    ...(baseline.cards.length === 0 ? [] : cardProblems(readCardKinds(host), baseline)),
  ];
  const rest = first.length > 0 ? { problems: [], restarts: 0 } : lookAtCluster(host, baseline);
  return {
    uptimeMs: host.uptime(),
    problems: [...first, ...rest.problems],
    run: `${readWord(host, "engine.since")} ${rest.restarts}`,
    ...(isHopeless ? { hopeless: why } : {}),
  };
}

function lookAtCluster(host: Host, baseline: Baseline): { problems: string[]; restarts: number } {
  const signs = baseline.held.length === 0 ? [] : signProblems(lookAtSigns(host), baseline);
  if (signs.length > 0 || baseline.system.length === 0) return { problems: signs, restarts: 0 };
  const answer = readPods(host, "system");
  if ("problem" in answer) return { problems: [answer.problem], restarts: 0 };
  const { pods } = answer;
  return { problems: systemPodProblems(pods, baseline), restarts: systemRestarts(pods, baseline) };
}

/** What people have, and isn't as it was. */
export function lookAtOthers(host: Host, baseline: Baseline): string[] {
  const answer = baseline.others.length === 0 ? { pods: [] } : readPods(host, "others");
  if ("problem" in answer) return [answer.problem];
  return lateThings({ others: answer.pods, hasNetwork: hasNetwork(host) }, baseline);
}

/** What an update that is activated now will be held to; what can't be seen is told. */
export function readBaseline(host: Host, limits: GateLimits): Baseline {
  const units = readUnits(host);
  const isAnswering = units.every(({ name }) => name !== WHOLE_ENGINE);
  const [system, others] = (["system", "others"] as const).map((whose) => {
    const answer = isAnswering ? readPods(host, whose) : { problem: "the engine isn't ready" };
    if ("pods" in answer) return answer.pods;
    host.print("stderr", `${answer.problem}: the new system is not held to ${PODS_OF[whose]}`);
    return [];
  });
  return makeBaseline(
    {
      ...{ uptimeMs: host.uptime(), nowMs: host.now(), units, signs: lookAtSigns(host) },
      ...{ system: system ?? [], others: others ?? [] },
      ...{ cards: readCardKinds(host), hasNetwork: hasNetwork(host) },
    },
    limits,
  );
}

const PODS_OF = { system: "the system's pods", others: "people's pods" } as const;

function whyHopeless(host: Host): string | undefined {
  const code = readWord(host, "engine.exit");
  const isStopped = readWord(host, "engine.state") === "waiting" && HOPELESS_CODES.includes(code);
  return isStopped ? `the engine ended with exit code ${code}` : undefined;
}

/**
 * Cards that are built in and have a driver: by what they are, as the kernel names them otherwise at times, and bonds give them
 * other addresses. One at USB may have been pulled out.
 */
function readCardKinds(host: Host): string[] {
  return readCards(host).flatMap(({ name }) => {
    const kind = readIfThere(host, `/sys/class/net/${name}/device/modalias`, 4096)?.trim() ?? "";
    return /^(pci|virtio):/.test(kind) ? kind : [];
  });
}

function hasNetwork(host: Host): boolean {
  return listIfThere(host, places.links).length > 0;
}

function readWord(host: Host, file: "engine.state" | "engine.exit" | "engine.since"): string {
  return (readIfThere(host, runPath(file), 256) ?? "").trim();
}
