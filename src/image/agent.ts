// Makes kubesolo-os-agent: the TypeScript of src/agent as QuickJS's bytecode, compiled into the Go program of runtime/.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { step } from "../lib/log.ts";
import { buildPath, sourcePath } from "../lib/paths.ts";
import { run } from "../lib/run.ts";
import { type Bundle, makeAgentBundles, makeBundle } from "./agent-bundles.ts";
import { findCToolchain } from "./c-toolchain.ts";
import type { Architecture } from "./debian/inputs.ts";
import { buildGoProgram } from "./go-program.ts";
import { readVersion } from "./product.ts";

const AGENT_PROGRAM = "kubesolo-os-agent";

/** What the other calls for what needs the network: runtime/host/network.go has the reason. */
const NETWORK_PROGRAM = "kubesolo-os-agent-network";

export const AGENT_PROGRAMS = [AGENT_PROGRAM, NETWORK_PROGRAM] as const;

/** Folder of its Go module in the repository. */
export const AGENT_MODULE = "runtime";

/** What it is built with, besides C. The C library's own look-ups of names and users need its shared files. */
export const AGENT_TAGS = ["netgo", "osusergo"] as const;

/** Where `buildAgent` puts the programs for an architecture. */
export function agentDirectory(architecture: Architecture): string {
  return buildPath(architecture === "amd64" ? "agent" : `agent-${architecture}`);
}

export interface BuiltAgent {
  /** Host path, with both programs. */
  readonly folder: string;
  /** Folders of the npm packages of which something is in the agent, "node_modules/yaml". */
  readonly npmFolders: readonly string[];
}

/** The same sources make the same bytes, wherever they are. */
export async function buildAgent(architecture: Architecture): Promise<BuiltAgent> {
  const folder = agentDirectory(architecture);
  const cgo = await step("C libraries", () => findCToolchain(architecture));
  // Where Go takes them from; git ignores them.
  const scripts = sourcePath(AGENT_MODULE, "bundle");
  const bundles = await step("bundle the agent", makeAgentBundles);
  await step("compile its scripts", () => compileScripts(bundles, scripts));
  const agent = { name: AGENT_PROGRAM, module: AGENT_MODULE, package: ".", tags: AGENT_TAGS, cgo };
  const stamps = [`-X main.version=${readVersion()}`];
  await step(`compile ${AGENT_PROGRAM}`, () => buildGoProgram(agent, folder, { architecture, stamps }));
  await step(`compile ${NETWORK_PROGRAM}`, () => buildGoProgram(networkProgram, folder, { architecture }));
  const npmFolders = new Set(Object.values(bundles).flatMap((bundle) => bundle.npmFolders));
  return { folder, npmFolders: [...npmFolders].sort() };
}

/** Compiles the agent's runtime with another script in its place into the host folder; `entry` is the script's place in the repository. */
export async function buildRuntimeWith(entry: string, name: string, folder: string): Promise<void> {
  await compileScripts({ agent: await makeBundle("agent", { entryPoints: [sourcePath(entry)] }) }, folder);
  const overlay = join(folder, "overlay.json");
  const bundle = sourcePath(AGENT_MODULE, "bundle/agent.qjs");
  writeFileSync(overlay, JSON.stringify({ Replace: { [bundle]: join(folder, "agent.qjs") } }));
  const cgo = await findCToolchain("amd64");
  const program = { name, module: AGENT_MODULE, package: ".", tags: AGENT_TAGS, cgo };
  await buildGoProgram(program, folder, { overlay });
}

export const networkProgram = { name: NETWORK_PROGRAM, module: AGENT_MODULE, package: "./network" } as const;

/** Writes NAME.qjs into the host folder for each script; it is the same for all architectures. */
export async function compileScripts(
  scripts: Readonly<Record<string, Bundle>>,
  folder: string,
): Promise<void> {
  const tools = buildPath("tools");
  mkdirSync(tools, { recursive: true });
  const cgo = await findCToolchain("amd64");
  await buildGoProgram({ name: "compile-script", module: AGENT_MODULE, package: "./compile", cgo }, tools);
  for (const [name, { text }] of Object.entries(scripts)) {
    await run([join(tools, "compile-script"), `${name}.js`, join(folder, `${name}.qjs`)], { input: text });
  }
}
