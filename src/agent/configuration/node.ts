// What of a configuration only a running Kubernetes can take: labels, and how it went as the node's condition.

import * as v from "valibot";
import type { ExitCode } from "../exit-code.ts";
import { attempt } from "../expected.ts";
import type { Host } from "../host.ts";
import { readJson } from "../json.ts";
import { labelNode, nodeName, setCondition, tellEvent } from "../node.ts";
import { places } from "../places.ts";
import { nothing, type Part } from "./boot.ts";
import { labelWords, nodeCondition, nodeEvent } from "./node-status.ts";
import { type Report, readReport } from "./report.ts";

const Labels = v.record(v.string(), v.string());
const Keys = v.array(v.string());
const MAX_BYTES = 256 * 1024;

/** Called when the node is Ready. Code 1: to be called again later. */
export function configureNode(host: Host, parts: readonly Part[]): ExitCode {
  const report = readReport(host);
  if (report === undefined) return 0;
  // Without any configuration, what an earlier one had goes; with one that can't be used, it stays.
  const decision = report.decision ?? (report.refusals.length === 0 ? nothing : undefined);
  const node = nodeName(host);
  const problems = [
    ...attempt("node labels", () => setLabels(host, node)),
    ...(decision === undefined ? [] : parts.flatMap((part) => part(host, decision))),
  ];
  const all = [
    ...problems,
    ...tellNode(host, { ...report, problems: [...report.problems, ...problems] }, node),
  ];
  for (const text of all) host.print("stderr", `configuration: ${text}`);
  return all.length === 0 ? 0 : 1;
}

function tellNode(host: Host, report: Report, node: string): readonly string[] {
  const event = nodeEvent(report, host.now());
  return [
    ...setCondition(host, node, nodeCondition(report)),
    ...(event === undefined ? [] : tellEvent(host, node, event)),
  ];
}

/** The keys are noted first: one that a power cut leaves on the node is known to be ours. */
function setLabels(host: Host, node: string): readonly string[] {
  const wanted = readJson(host, places.nodeLabels, MAX_BYTES, Labels) ?? {};
  const before = readJson(host, places.labelKeys, MAX_BYTES, Keys) ?? [];
  const words = labelWords(wanted, before);
  if (words.length === 0) return [];
  noteKeys(host, before, [...new Set([...before, ...Object.keys(wanted)])]);
  const problems = labelNode(host, node, words);
  if (problems.length === 0) noteKeys(host, undefined, Object.keys(wanted));
  return problems;
}

function noteKeys(host: Host, before: readonly string[] | undefined, now: readonly string[]): void {
  if (JSON.stringify(before) !== JSON.stringify(now)) host.writeFile(places.labelKeys, JSON.stringify(now));
}
