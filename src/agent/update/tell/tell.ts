// Tells of updates where others look: metrics, and the node in Kubernetes, when that runs. Nothing here is a command's failure: what
// can't be told now is told at the next occasion, which the next boot is at the latest.
import { attempt, readOwnText } from "../../expected.ts";
import type { Host } from "../../host.ts";
import { labelNode, nodeName, setCondition, tellEvent } from "../../node.ts";
import { places } from "../../places.ts";
import { readFacts } from "./facts.ts";
import { formatMetrics } from "./metrics.ts";
import { eventId, untold, updateEvent, updateLabels } from "./node-words.ts";
import { describeStanding, type Facts, standingMessage } from "./standing.ts";

/** What couldn't be told, which is printed, too. */
export function tellUpdates(host: Host): readonly string[] {
  const problems = attempt("updates", () => {
    const facts = readFacts(host);
    host.writeFile(places.updateMetrics, formatMetrics(facts));
    // There as long as the engine has been ready in this run.
    return host.stat(places.engineReady) === undefined ? [] : tellNode(host, facts);
  });
  for (const problem of problems) host.print("stderr", `update: can't be told yet: ${problem}`);
  return problems;
}

function tellNode(host: Host, facts: Facts): readonly string[] {
  const node = nodeName(host);
  const { status, reason } = describeStanding(facts);
  return [
    ...labelNode(host, node, updateLabels(facts)),
    ...setCondition(host, node, { type: "SystemUpdate", status, reason, message: standingMessage(facts) }),
    ...tellEvents(host, facts, node),
  ];
}

/** In their order; one that isn't taken waits, with all behind it. */
function tellEvents(host: Host, { books }: Facts, node: string): readonly string[] {
  const last = readOwnText(host, places.updateTold, 256)?.trim();
  for (const event of untold(books.history, last)) {
    const problems = tellEvent(host, node, updateEvent(event));
    if (problems.length > 0) return problems;
    host.writeFile(places.updateTold, `${eventId(event)}\n`, { mode: 0o600 });
  }
  return [];
}
