// Networks for tests, as a node reads them: what a test writes is one flow of YAML.
import { type CheckedNetwork, checkNetwork } from "../../src/agent/cloud-init/network/check.ts";
import { parseYaml } from "../../src/agent/cloud-init/parse.ts";
import type { NetworkPlan } from "../../src/agent/network/plan.ts";

export function check(text: string): CheckedNetwork {
  const { root, problems } = parseYaml({ file: "network-config", text });
  if (root === undefined) throw new Error(JSON.stringify(problems));
  return checkNetwork(root);
}

/** Of a network that is good. */
export function planOf(text: string): NetworkPlan {
  const { plan, problems } = check(text);
  if (plan === undefined) throw new Error(JSON.stringify(problems));
  return plan;
}

export function say({ severity, path, message, hint }: CheckedNetwork["problems"][number]): string {
  return `${severity} ${path.join(".")}: ${message}${hint === undefined ? "" : ` (${hint})`}`;
}

export const v2 = (links: string) => `{version: 2, ethernets: {${links}}}`;
export const v1 = (links: string) => `{version: 1, config: [${links}]}`;
