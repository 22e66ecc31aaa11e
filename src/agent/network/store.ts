// The network's records on the disk and in memory, read and written.
import * as v from "valibot";
import type { Host } from "../host.ts";
import { readJson } from "../json.ts";
import { places } from "../places.ts";
import type { FoundLink } from "./found.ts";
import type { NetworkPlan } from "./plan.ts";
import { networkPlaces } from "./records.ts";
import type { Attempt, Good } from "./trial.ts";

const MAX_BYTES = 1024 * 1024;

/** What this boot has set up: /run/kubesolo-os/network.json. */
export interface Applied {
  readonly plan: NetworkPlan;
  readonly hash: string;
  /** The cards as the kernel left them. */
  readonly before: readonly FoundLink[];
  readonly made: readonly string[];
  readonly addressed: readonly string[];
  readonly isOnTrial: boolean;
}

/** Written by this program alone, so that the form of a plan need not be checked again. */
const Plan = v.custom<NetworkPlan>(
  (value) => typeof value === "object" && value !== null && "links" in value,
);

const GoodFile = v.object({ hash: v.string(), plan: Plan });
const AttemptFile = v.object({ hash: v.string(), tries: v.number(), failure: v.exactOptional(v.string()) });
const Card = v.object({
  name: v.string(),
  index: v.number(),
  macAddress: v.string(),
  mtu: v.number(),
  driver: v.string(),
});
const AppliedFile = v.object({
  plan: Plan,
  hash: v.string(),
  before: v.array(Card),
  made: v.array(v.string()),
  addressed: v.array(v.string()),
  isOnTrial: v.boolean(),
});

export function hashOf(host: Host, plan: NetworkPlan): string {
  return host.sha256(JSON.stringify(plan));
}

export function readGood(host: Host): Good | undefined {
  return read(host, places.goodNetwork, GoodFile);
}

export function readAttempt(host: Host): Attempt | undefined {
  return read(host, places.triedNetwork, AttemptFile);
}

export function readApplied(host: Host): Applied | undefined {
  return read(host, networkPlaces.applied, AppliedFile);
}

export function writeGood(host: Host, good: Good): void {
  host.writeFile(places.goodNetwork, JSON.stringify(good));
}

export function writeAttempt(host: Host, attempt: Attempt): void {
  host.writeFile(places.triedNetwork, JSON.stringify(attempt));
}

export function writeApplied(host: Host, applied: Applied): void {
  host.writeFile(networkPlaces.applied, JSON.stringify(applied));
}

/** It has been set up once in this boot: from now on 50-network and hotplug leave it to the agent. */
export function markDone(host: Host): void {
  host.writeFile(networkPlaces.done, "");
}

export function forgetAttempt(host: Host): void {
  host.remove(places.triedNetwork);
}

/** What is missing or broken is as good as not there: it is written anew. */
function read<T>(host: Host, path: string, schema: v.GenericSchema<unknown, T>): T | undefined {
  return readJson(host, path, MAX_BYTES, schema);
}
