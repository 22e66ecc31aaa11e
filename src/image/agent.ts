// Makes kubesolo-os-agent: the TypeScript of src/agent as JavaScript, compiled into the Go program of runtime/.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "../lib/files.ts";
import { step } from "../lib/log.ts";
import { buildPath, sourcePath } from "../lib/paths.ts";
import { makeAgentBundles } from "./agent-bundles.ts";
import type { Architecture } from "./debian/inputs.ts";
import { readVersion } from "./engine.ts";
import { buildGoProgram } from "./go-program.ts";

export const AGENT_PROGRAM = "kubesolo-os-agent";

/** Folder of its Go module in the repository. */
export const AGENT_MODULE = "runtime";

/** Where Go takes the bundles from; git ignores it. */
const bundleFolder = sourcePath(AGENT_MODULE, "bundle");

/** Where `buildAgent` puts the program for an architecture. */
export function agentDirectory(architecture: Architecture): string {
  return buildPath(architecture === "amd64" ? "agent" : `agent-${architecture}`);
}

/** The same sources make the same bytes, wherever they are. Returns the program's host path. */
export async function buildAgent(architecture: Architecture): Promise<string> {
  const directory = agentDirectory(architecture);
  await step("bundle the agent", writeBundles);
  await step(`compile ${AGENT_PROGRAM}`, () =>
    buildGoProgram({ name: AGENT_PROGRAM, module: AGENT_MODULE, package: "." }, directory, {
      architecture,
      stamps: [`-X main.version=${readVersion()}`],
    }),
  );
  return join(directory, AGENT_PROGRAM);
}

async function writeBundles(): Promise<void> {
  for (const [name, text] of Object.entries(await makeAgentBundles())) {
    const path = join(bundleFolder, `${name}.js`);
    if (text !== currentText(path)) replaceFile(path, text);
  }
}

function currentText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // not there yet: whatever else is wrong shows when it is written
  }
}
