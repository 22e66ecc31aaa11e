// Stands in for the agent's entry (src/agent/main.device.ts) in a program of the same runtime, and in one for Node: reads samples
// from a file, fuzzes one target, and prints what came of it.
import type { Host } from "../../agent/host.ts";
import { runBatch } from "./batch.ts";
import type { Samples } from "./fuzz-target.ts";
import { type FuzzTargetName, fuzzTargets } from "./targets/targets.ts";

export function main(host: Host, [corpus = "", name = "", seed, from, count]: readonly string[]): number {
  const packed = JSON.parse(host.readText(corpus, 2 ** 24)) as Record<string, Record<string, string[]>>;
  const samples: Samples = Object.fromEntries(
    Object.entries(packed[name] ?? {}).map(([file, all]) => [
      file,
      all.map((each) => host.decodeBase64(each)),
    ]),
  );
  const batch = { seed: Number(seed), from: Number(from), count: Number(count) };
  const tools = { math: host, clockMs: () => host.uptime() };
  host.print("stdout", JSON.stringify(runBatch(fuzzTargets[name as FuzzTargetName], samples, batch, tools)));
  return 0;
}
