// The texts that were found as a decision: what cloud-init/load.ts says, in the words of a boot.

import { instanceIdOf } from "../cloud-init/instance-id.ts";
import { loadConfig } from "../cloud-init/load.ts";
import { checkNetwork } from "../cloud-init/network/check.ts";
import { describeProblem } from "../cloud-init/problems.ts";
import type { Host } from "../host.ts";
import type { Load } from "./choice.ts";
import { hashPasswords } from "./passwords.ts";

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
    const hasMetaData = sources.some(({ kind }) => kind === "meta-data");
    const kept = hashed.sources.map(({ text }) => text);
    const instanceId = instanceIdOf(decision.instanceId, hasMetaData, kept, (text) => host.sha256(text));
    return {
      errors: told("error"),
      warnings: [...told("warning"), ...hashed.problems],
      decision: { ...hashed.decision, instanceId },
      sources: hashed.sources,
    };
  };
}
