// `make bench-update`: what an update costs a small machine, and how fast a bad one is undone. docs/benchmarks.md says what the
// figures mean.
import { mkdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { AGENT_PROGRAMS, agentDirectory } from "../image/agent.ts";
import { prepareTools } from "../image/debian/packages.ts";
import { makeSquashfs } from "../image/filesystems.ts";
import { makeNginxArchive, prepareQemu } from "../kit/kit.ts";
import { readBuiltImage } from "../lib/built.ts";
import { readSourceCommit } from "../lib/commit.ts";
import { replaceFile } from "../lib/files.ts";
import { catchInterrupts } from "../lib/interrupt.ts";
import { log, step } from "../lib/log.ts";
import { buildPath } from "../lib/paths.ts";
import { hostFile, makeTree } from "../tree/tree.ts";
import { findAccelerator } from "../vm/accelerator.ts";
import type { Cluster } from "../vm/cluster.ts";
import { startReleaseServer } from "../vm/release-server.ts";
import { addWords, makeFaulty, makeReleases, releases, updatableImage } from "../vm/update-releases.ts";
import { Findings } from "./findings.ts";
import { bootWithNginx } from "./memory.ts";
import { planUpdateResult, type UpdateMeasured, type UpdateResult } from "./update-figures.ts";
import { measureApply, measureDowntime, measureRollback } from "./update-steps.ts";

const MEMORY_MIB = 512;

export async function benchUpdate(): Promise<UpdateResult> {
  using interrupts = catchInterrupts();
  using findings = new Findings(buildPath("bench/update-rounds.jsonl"));
  const { second } = await interrupts.race(step("two releases", () => makeReleases()));
  const panics = await makeFaulty("bench-panics", second, "0.1.2", (folder) =>
    addWords(folder, "rdinit=/nothing"),
  );
  const agentBytes = await interrupts.race(weighAgent());
  const qemu = await prepareQemu();
  const image = { ...readBuiltImage(updatableImage), qemu, nginxArchive: await makeNginxArchive() };
  const accelerator = await findAccelerator(image, buildPath("accelerator.json"));

  const server = await startReleaseServer(releases);
  using _web = { [Symbol.dispose]: () => server.server.close() };
  const cluster = await interrupts.race(
    step("512 MiB: boot and nginx", () => bootWithNginx(image, MEMORY_MIB, accelerator, { offline: false })),
  );
  await using _machine = cluster.machine;
  const measured = await interrupts.race(
    measure(cluster, findings, {
      bundle: `${server.url}/${basename(second)}`,
      panics: `${server.url}/${basename(panics)}/`,
    }),
  );
  const result = planUpdateResult({
    commit: await readSourceCommit(),
    date: new Date().toISOString(),
    accelerator,
    bundleBytes: statSync(second).size,
    agentBytes,
    ...measured,
  });
  replaceFile(buildPath("bench/update.json"), `${JSON.stringify(result, null, 2)}\n`);
  findings.complete();
  return result;
}

/** Compressed as the root is. */
async function weighAgent(): Promise<number> {
  const squashfs = buildPath("bench/agent.squashfs");
  mkdirSync(buildPath("bench"), { recursive: true });
  const programs = AGENT_PROGRAMS.map((name) => hostFile(name, join(agentDirectory("amd64"), name)));
  await makeSquashfs(makeTree(programs), squashfs, await prepareTools());
  return statSync(squashfs).size;
}

async function measure(
  cluster: Cluster,
  findings: Findings,
  urls: { readonly bundle: string; readonly panics: string },
): Promise<Pick<UpdateMeasured, "applied" | "readySeconds" | "nginxSeconds" | "startSeconds">> {
  const applied = await step("apply", () => measureApply(cluster.machine, urls.bundle));
  findings.add("apply", { seconds: applied.seconds, writtenBytes: applied.writtenBytes });
  const downtime = await step("reboot into it, to confirmed", () => measureDowntime(cluster));
  findings.add("downtime", downtime);
  const startSeconds = await step("a kernel that panics", () => measureRollback(cluster, urls.panics));
  findings.add("rollback", { seconds: startSeconds.at(-1) });
  log(`  a kernel that panics starts at ${startSeconds.map((seconds) => seconds.toFixed(1)).join(", ")} s`);
  return { applied, ...downtime, startSeconds };
}
