// What an update does to a machine with 512 MiB on which nginx runs, step by step.
import type { Limit } from "../lib/wait.ts";
import { becomeReady, type Cluster } from "../vm/cluster.ts";
import type { Machine } from "../vm/machine.ts";
import { waitForNginx } from "../vm/nginx.ts";
import { startLimit } from "./contender.ts";
import { type Applied, parseSamples } from "./update-figures.ts";

const agent = "kubesolo-os-agent";
const applyLimit: Limit = { timeoutMs: 1_200_000 };
const IDLE_SECONDS = 60;

/** Applies a bundle, and leaves it to be activated. */
export async function measureApply(machine: Machine, url: string): Promise<Applied> {
  const before = await writtenBytes(machine);
  const idleKib = await sampled(machine, `sleep ${IDLE_SECONDS}`);
  const between = await writtenBytes(machine);
  const startedMs = performance.now();
  const applyingKib = await sampled(machine, `${agent} apply ${url}`);
  const seconds = (performance.now() - startedMs) / 1000;
  const after = await writtenBytes(machine);
  const idleWrittenBytes = ((between - before) / IDLE_SECONDS) * seconds;
  return { seconds, idleKib, applyingKib, writtenBytes: after - between, idleWrittenBytes };
}

/** From the reboot into what was activated: to Ready, and to nginx's page. It is confirmed afterwards. */
export async function measureDowntime(
  cluster: Cluster,
): Promise<{ readySeconds: number; nginxSeconds: number }> {
  const startedMs = performance.now();
  await activateAndReboot(cluster.machine);
  await cluster.machine.waitForConsole(/starting slot B/, startLimit);
  await becomeReady(cluster, startLimit);
  const readySeconds = (performance.now() - startedMs) / 1000;
  await waitForNginx(cluster, startLimit);
  const nginxSeconds = (performance.now() - startedMs) / 1000;
  await cluster.machine.waitForConsole(/update: \S+ is healthy, and counts from now on/, applyLimit);
  return { readySeconds, nginxSeconds };
}

/** The seconds of each start of a kernel that panics, in slot A, and of the old one's in slot B. */
export async function measureRollback({ machine }: Cluster, url: string): Promise<number[]> {
  await machine.succeed(`${agent} apply ${url}`, applyLimit);
  await activateAndReboot(machine);
  const starts: number[] = [];
  for (let tries = 0; tries < 3; tries += 1) {
    await machine.waitForConsole(/starting slot A/, startLimit);
    starts.push(performance.now());
    await machine.waitForConsole(/Kernel panic/, startLimit);
    // A panic that is meant ends no wait.
    machine.console.skipToEnd();
  }
  await machine.waitForConsole(/starting slot B/, startLimit);
  starts.push(performance.now());
  const [first = 0] = starts;
  return starts.map((ms) => (ms - first) / 1000);
}

async function activateAndReboot(machine: Machine): Promise<void> {
  await machine.succeed(`${agent} activate`, startLimit);
  machine.console.skipToEnd();
  // The machine may be gone before it answers.
  await machine.execute("reboot").catch(() => undefined);
}

/** Runs a command; the memory that was available meanwhile, in KiB, five times a second. */
async function sampled(machine: Machine, command: string): Promise<number[]> {
  const text = await machine.succeed(
    `${command} >/tmp/said 2>&1 &
     worker=$!
     while kill -0 $worker 2>/dev/null; do
       while read -r name kib _; do [ "$name" != MemAvailable: ] || echo "$kib"; done </proc/meminfo
       sleep 0.2
     done
     wait $worker || { cat /tmp/said >&2; exit 1; }`,
    applyLimit,
  );
  return parseSamples(text);
}

/** By the disk since power-on, as QEMU's guest counts; Documentation/block/stat.rst: sectors of 512 bytes. */
async function writtenBytes(machine: Machine): Promise<number> {
  const sectors = await machine.succeed("sync; set -- $(cat /sys/block/vda/stat); echo $7");
  return Number(sectors) * 512;
}
