// For tests: the files in which a node's configuration reaches other parts of the agent, made by the code that makes them on a device.
import { loadConfig } from "../../../src/agent/cloud-init/load.ts";
import { planSettings } from "../../../src/agent/configuration/apply/settings.ts";
import { nodeDecoder } from "../../../src/image/baked/node-decoder.ts";

/** `kubesolo`: what stands below that key. Throws when it is no good configuration. */
export function configuredFiles(kubesolo: unknown): Record<string, string> {
  const text = `#cloud-config\n${JSON.stringify({ kubesolo })}`;
  const { decision, problems } = loadConfig(
    { "user-data": { file: "user-data", text } },
    { decoder: nodeDecoder },
  );
  if (decision === undefined) throw new Error(problems.map(({ message }) => message).join("; "));
  return Object.fromEntries(
    planSettings(decision, { systemAuthorities: "" }).map(({ path, content }) => [path, content]),
  );
}
