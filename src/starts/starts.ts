// Starts a node again and again, and looks each time whether all of it works.
import { rmSync } from "node:fs";
import { UserError } from "../lib/errors.ts";
import { catchInterrupts } from "../lib/interrupt.ts";
import type { SandboxOptions } from "../sandbox/options.ts";
import { type Sandbox, startSandbox } from "../sandbox/sandbox.ts";
import type { Start } from "./summary.ts";

const readyLimit = { timeoutMs: 120_000 };

/** Fresh starts in a row, each on an empty disk. Throws at the first that doesn't come to a running Pod. */
export async function freshStarts(
  options: SandboxOptions,
  count: number,
  report: (start: Start) => void,
): Promise<void> {
  using interrupts = catchInterrupts();
  for (let number = 1; number <= count; number += 1) {
    rmSync(options.directory, { recursive: true, force: true });
    const startedMs = performance.now();
    await using sandbox = await startSandbox(options);
    report(await interrupts.race(finishStart(sandbox, "fresh start", startedMs, `pod-${number}`)));
  }
}

/**
 * Restarts in a row of one node, after SIGTERM and after SIGKILL by turns. The Pod from before must go on as the
 * same processes; then a new one takes its place.
 */
export async function restarts(
  options: SandboxOptions,
  count: number,
  report: (start: Start) => void,
): Promise<void> {
  using interrupts = catchInterrupts();
  rmSync(options.directory, { recursive: true, force: true });
  await using sandbox = await startSandbox(options);
  await finishStart(sandbox, "fresh start", performance.now(), "pod-0");
  for (let number = 1; number <= count; number += 1) report(await interrupts.race(restart(sandbox, number)));
}

async function restart(sandbox: Sandbox, number: number): Promise<Start> {
  const oldPod = `pod-${number - 1}`;
  const before = await describePod(sandbox, oldPod);
  const kind = number % 2 === 1 ? "restart after SIGTERM" : "restart after SIGKILL";
  if (kind === "restart after SIGTERM") await stopCleanly(sandbox);
  else await sandbox.killEngine();
  const startedMs = performance.now();
  await sandbox.startEngine();
  const start = await finishStart(sandbox, kind, startedMs, `pod-${number}`);
  // By now the kubelet has made a new Pod, so it has seen the old one too.
  checkSame(await describePod(sandbox, oldPod), before);
  await sandbox.kubectl("delete", "pod", oldPod, "--grace-period=1", "--wait");
  checkProcesses(sandbox, 1);
  return start;
}

/** From the engine's start to a new Pod that is Ready. */
async function finishStart(
  sandbox: Sandbox,
  kind: Start["kind"],
  startedMs: number,
  pod: string,
): Promise<Start> {
  const since = () => (performance.now() - startedMs) / 1000;
  await sandbox.waitForReady(readyLimit);
  const readySeconds = since();
  const { cpuSeconds } = sandbox.usage();
  await sandbox.kubectl("wait", "--for=condition=Ready", `node/${sandbox.options.name}`, "--timeout=0");
  await sandbox.kubectl("run", pod, "--image=localhost/pause:1", "--image-pull-policy=Never");
  await sandbox.kubectl("wait", "--for=condition=Ready", `pod/${pod}`, "--timeout=60s");
  return { kind, readySeconds, podSeconds: since(), cpuSeconds };
}

async function stopCleanly(sandbox: Sandbox): Promise<void> {
  const exitCode = await sandbox.stopEngine({ timeoutMs: 10_000 });
  if (exitCode !== 0) throw new UserError(`the engine ended with exit code ${exitCode} after SIGTERM`);
}

/** What must not change while a Pod runs on: its container, its restarts, its address. */
function describePod(sandbox: Sandbox, pod: string): Promise<string> {
  const container = ".status.containerStatuses[0]";
  const fields = ["metadata.uid", "status.podIP", "status.phase"].map((field) => `{.${field}}`);
  const template = [...fields, `{${container}.containerID}`, `{${container}.restartCount}`].join(" ");
  return sandbox.kubectl("get", "pod", pod, "--output", `jsonpath=${template}`);
}

function checkSame(after: string, before: string): void {
  if (after === before) return;
  throw new UserError(`a Pod did not survive a restart\nbefore: ${before}\nafter:  ${after}`);
}

/** Each of our Pods is two processes of the pause program: that of the sandbox, and its container. */
function checkProcesses(sandbox: Sandbox, pods: number): void {
  const names = sandbox.processes().map(({ name }) => name);
  const pauses = names.filter((name) => name === "pause").length;
  const shims = names.filter((name) => name.startsWith("containerd-shim")).length;
  if (pauses === 2 * pods && shims === pods) return;
  throw new UserError(`${pods} Pod should run, but there are ${shims} shims and ${pauses} pause processes`);
}
