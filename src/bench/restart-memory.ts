// What a restart needs at its highest, beside what the engine needs later: a node that fitted must fit again. In sandboxes
// of this host, as root: private memory is the same as in a machine, and 110 pods take a minute instead of an hour.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fetchDefinitions } from "../kit/workloads.ts";
import type { BuiltImage, Kit } from "../lib/built.ts";
import { catchInterrupts } from "../lib/interrupt.ts";
import { step } from "../lib/log.ts";
import { buildPath } from "../lib/paths.ts";
import { type Sandbox, startSandbox } from "../sandbox/sandbox.ts";
import { readUsage } from "../sandbox/usage.ts";
import { crds } from "./crds.ts";
import type { Load, RestartMemory } from "./figures.ts";

/** How to put it there. */
const loads: Readonly<Record<Load, (sandbox: Sandbox) => Promise<void>>> = {
  empty: async () => {},
  "110 pods": async (sandbox) => {
    await apply(sandbox, [pods(110)]);
    await sandbox.kubectl("rollout", "status", "deployment/many", "--timeout=600s");
  },
  "63 CRDs": (sandbox) => apply(sandbox, crds(63)),
  "305 CRDs": (sandbox) => apply(sandbox, crds(305)),
  "operators' CRDs": async (sandbox) => {
    const folders = await fetchDefinitions();
    await sandbox.kubectl("apply", "--server-side", ...folders.map((folder) => `--filename=${folder}`));
  },
};

const readyLimit = { timeoutMs: 300_000 };
/** After Ready, controllers still look at all that there is; later, what the start left is given back. */
const settleMs = 60_000;

export async function measureRestartMemory(
  built: Pick<BuiltImage, "systemImages"> & Pick<Kit, "busyboxArchive">,
  load: Load,
): Promise<RestartMemory> {
  using interrupts = catchInterrupts();
  const directory = buildPath("bench/sandbox");
  rmSync(directory, { recursive: true, force: true });
  await using sandbox = await startSandbox({
    name: "bench",
    directory,
    engine: buildPath("engine"),
    images: [...Object.values(built.systemImages), built.busyboxArchive],
    flags: [],
    environment: {},
  });
  await interrupts.race(sandbox.waitForReady(readyLimit));
  await step(`${load}: put there`, () => interrupts.race(loads[load](sandbox)));
  await sandbox.stopEngine(readyLimit);
  return await step(`${load}: restart`, () => interrupts.race(restart(sandbox)));
}

async function restart(sandbox: Sandbox): Promise<RestartMemory> {
  const startedMs = performance.now();
  await sandbox.startEngine();
  let peakMiB = 0;
  const look = () => {
    peakMiB = Math.max(peakMiB, readUsage(sandbox.enginePid).anonymousMiB);
  };
  const sampling = setInterval(look, 50);
  try {
    await sandbox.waitForReady(readyLimit);
    const secondsToReady = (performance.now() - startedMs) / 1000;
    await sleep(settleMs);
    return { peakMiB, steadyMiB: readUsage(sandbox.enginePid).anonymousMiB, secondsToReady };
  } finally {
    clearInterval(sampling);
  }
}

async function apply(sandbox: Sandbox, objects: readonly object[]): Promise<void> {
  const file = join(sandbox.options.directory, "objects.json");
  writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
  await sandbox.kubectl("create", "--filename", file);
}

function pods(replicas: number): object {
  const labels = { app: "many" };
  const container = {
    name: "main",
    image: "localhost/busybox:1",
    imagePullPolicy: "Never",
    command: ["sleep", "1000000"],
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "many" },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 0,
          automountServiceAccountToken: false,
          containers: [container],
        },
      },
    },
  };
}
