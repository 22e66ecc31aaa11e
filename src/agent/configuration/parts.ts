// What of the node's configuration the agent can be told to do: each area's parts in their order.
import { type ExitCode, exitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { writeMetrics } from "../metrics/metrics-command.ts";
import { applyNetwork } from "../network/apply.ts";
import { tellUpdates } from "../update/tell/tell.ts";
import { boot, type Part } from "./boot.ts";
import { makeLoad } from "./decision.ts";
import { configureKubernetes, prepareKubernetes } from "./kubernetes/kubernetes.ts";
import { configureNode } from "./node.ts";
import { online } from "./online.ts";

const network: Part = (host, { network: plan }) => (plan === undefined ? [] : applyNetwork(host, plan));

export function runBoot(host: Host): ExitCode {
  return boot(host, makeLoad(host), [prepareKubernetes, network]);
}

export function runOnline(host: Host): ExitCode {
  return online(host, []);
}

/** Code 1: to be called again later. */
export function runNode(host: Host): ExitCode {
  const code = configureNode(host, [configureKubernetes]);
  const problems = [...writeMetrics(host), ...tellUpdates(host)];
  return problems.length === 0 ? code : exitCode.failed;
}
