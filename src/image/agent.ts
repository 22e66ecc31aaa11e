// Makes kubesolo-os-agent: the TypeScript of src/agent as one JavaScript file, compiled into the Go program of runtime/.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { replaceFile } from "../lib/files.ts";
import { step } from "../lib/log.ts";
import { buildPath, repository, sourcePath } from "../lib/paths.ts";
import type { Architecture } from "./debian/inputs.ts";
import { readVersion } from "./engine.ts";
import { buildGoProgram } from "./go-program.ts";

export const AGENT_PROGRAM = "kubesolo-os-agent";

/** Folder of its Go module in the repository. */
export const AGENT_MODULE = "runtime";

/** Where Go takes the bundle from; git ignores it. */
const bundlePath = sourcePath(AGENT_MODULE, "bundle/agent.js");

/** Where `buildAgent` puts the program for an architecture. */
export function agentDirectory(architecture: Architecture): string {
  return buildPath(architecture === "amd64" ? "agent" : `agent-${architecture}`);
}

/** The same sources make the same bytes, wherever they are. Returns the program's host path. */
export async function buildAgent(architecture: Architecture): Promise<string> {
  const directory = agentDirectory(architecture);
  await step("bundle the agent", () => bundleAgent(sourcePath("src/agent/main.device.ts"), bundlePath));
  await step(`compile ${AGENT_PROGRAM}`, () =>
    buildGoProgram({ name: AGENT_PROGRAM, module: AGENT_MODULE, package: "." }, directory, {
      architecture,
      stamps: [`-X main.version=${readVersion()}`],
    }),
  );
  return join(directory, AGENT_PROGRAM);
}

/**
 * Writes a bundle whose exports become the global object `agent`. `es2021`: the runtime's JavaScript engine knows no
 * newer syntax. Readable, since a stack trace in a log is all that there may be to find a defect with.
 */
export async function bundleAgent(entry: string, outputPath: string): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    absWorkingDir: repository,
    bundle: true,
    write: false,
    format: "iife",
    globalName: "agent",
    platform: "neutral",
    mainFields: ["browser", "module", "main"],
    conditions: ["browser", "import"],
    target: "es2021",
    charset: "utf8",
    logLevel: "silent",
  });
  const text = outputFiles[0]?.text ?? "";
  if (text !== currentText(outputPath)) replaceFile(outputPath, text);
}

function currentText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // not there yet: whatever else is wrong shows when it is written
  }
}
