// The two programs that fuzz: one for Node, and one of the agent's own runtime with the targets in the agent's place.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { AGENT_MODULE, AGENT_TAGS, compileScripts } from "../../image/agent.ts";
import { makeBundle } from "../../image/agent-bundles.ts";
import { findCToolchain } from "../../image/c-toolchain.ts";
import { buildGoProgram } from "../../image/go-program.ts";
import { repository, sourcePath } from "../../lib/paths.ts";
import { nodeByteMath } from "../node-math.ts";
import { makeCorpus } from "./corpus.ts";

export type Runtime = "node" | "agent";

export interface FuzzPrograms {
  /** Host path of the samples. */
  readonly corpus: string;
  /** How each is called, before its words. */
  readonly run: Readonly<Record<Runtime, readonly string[]>>;
}

const ENTRY = "src/proof/fuzz/main.device.ts";

/** `folder`: a host path. The agent's own program is made only if it is asked for. */
export async function buildFuzzPrograms(folder: string, runtimes: readonly Runtime[]): Promise<FuzzPrograms> {
  mkdirSync(folder, { recursive: true });
  const corpus = join(folder, "corpus.json");
  writeFileSync(corpus, packCorpus());
  const script = join(folder, "fuzz.cjs");
  await build({
    ...{ entryPoints: [sourcePath("src/proof/fuzz/main.node.ts")], absWorkingDir: repository, bundle: true },
    ...{ platform: "node", format: "cjs", outfile: script, logLevel: "silent" },
  });
  if (runtimes.includes("agent")) await buildAgentProgram(folder);
  return { corpus, run: { node: [process.execPath, script], agent: [join(folder, "fuzz-agent")] } };
}

async function buildAgentProgram(folder: string): Promise<void> {
  await compileScripts({ agent: await makeBundle("agent", { entryPoints: [sourcePath(ENTRY)] }) }, folder);
  const overlay = join(folder, "overlay.json");
  const bundle = sourcePath(AGENT_MODULE, "bundle/agent.qjs");
  writeFileSync(overlay, JSON.stringify({ Replace: { [bundle]: join(folder, "agent.qjs") } }));
  const cgo = await findCToolchain("amd64");
  const program = { name: "fuzz-agent", module: AGENT_MODULE, package: ".", tags: AGENT_TAGS, cgo };
  await buildGoProgram(program, folder, { overlay });
}

function packCorpus(): string {
  const packed = Object.entries(makeCorpus()).map(([target, samples]) => [
    target,
    Object.fromEntries(
      Object.entries(samples).map(([file, all]) => [
        file,
        all.map((each) => nodeByteMath.encodeBase64(each)),
      ]),
    ),
  ]);
  return JSON.stringify(Object.fromEntries(packed));
}
