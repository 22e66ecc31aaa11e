// The texts that were found as a decision: what cloud-init/load.ts says, in the words of a boot.

import { loadConfig } from "../cloud-init/load.ts";
import { checkNetwork } from "../cloud-init/network/check.ts";
import { describeProblem } from "../cloud-init/problems.ts";
import type { Host } from "../host.ts";
import type { Load } from "./choice.ts";
import { hashPasswords } from "./passwords.ts";
import type { Source } from "./sources/source.ts";

export function makeLoad(host: Host): Load {
  return (sources) => {
    const texts = sources.map(({ kind, name, text }) => [kind, { file: name, text }] as const);
    const { decision, problems, plainTexts } = loadConfig(Object.fromEntries(texts), {
      decoder: host,
      checkNetwork,
    });
    const told = (severity: string) =>
      problems.filter((each) => each.severity === severity).map(describeProblem);
    if (decision === undefined) return { errors: told("error"), warnings: told("warning") };
    const hashed = hashPasswords(host, decision, sources, plainTexts);
    const instanceId = instanceOf(host, decision.instanceId, hashed.sources);
    return {
      errors: told("error"),
      warnings: [...told("warning"), ...hashed.problems],
      decision: { ...hashed.decision, instanceId },
      sources: hashed.sources,
    };
  };
}

/** Who gives no instance-id has another instance with each change: what it does once is then done once for each text. */
function instanceOf(host: Host, id: string, sources: readonly Source[]): string {
  const isGiven = sources.some(({ kind }) => kind === "meta-data") && id !== "iid-datasource-none";
  return isGiven ? id : `text-${host.sha256(JSON.stringify(sources.map(({ text }) => text))).slice(0, 16)}`;
}
