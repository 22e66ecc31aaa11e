// The two programs that fuzz: one for Node, and one of the agent's own runtime with the targets in the agent's place.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { buildRuntimeWith } from "../../image/agent.ts";
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
  if (runtimes.includes("agent")) await buildRuntimeWith(ENTRY, "fuzz-agent", folder);
  return { corpus, run: { node: [process.execPath, script], agent: [join(folder, "fuzz-agent")] } };
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
