// The Kubernetes in a machine, from this host: its API server's port is forwarded, kubectl runs here.
import { replaceFile } from "../lib/files.ts";
import { type RunResult, run, runAnyExit } from "../lib/run.ts";
import type { Limit } from "../lib/wait.ts";
import { API_SERVER_PORT, adminKubeconfig } from "../release/engine.ts";
import { changeServer } from "./kubeconfig.ts";
import type { Machine } from "./machine.ts";
import { whyApiNotReady, whyNotReady } from "./nodes.ts";
import { waitOn } from "./vigil.ts";

export const apiGuestPort = API_SERVER_PORT;

export interface Cluster {
  readonly machine: Machine;
  /** Host path of the kubectl program. */
  readonly kubectl: string;
  /** Host path. */
  readonly kubeconfig: string;
}

/** Takes the admin's kubeconfig out of the machine as soon as there is one; only its owner may read it. */
export async function writeKubeconfig(
  { machine, kubeconfig }: Cluster,
  limit: Limit,
  guestFile = adminKubeconfig(),
): Promise<void> {
  const text = await machine.until(`cat ${guestFile}`, limit);
  const server = `https://127.0.0.1:${hostPortOf(machine, apiGuestPort)}`;
  replaceFile(kubeconfig, changeServer(text, server), 0o600);
}

/** From power-on on: takes the kubeconfig, and waits for this boot's Ready. */
export async function becomeReady(cluster: Cluster, limit: Limit): Promise<void> {
  await writeKubeconfig(cluster, limit);
  await waitForReady(cluster, limit);
}

/** The port of this host that leads to a port of the machine. */
export function hostPortOf(machine: Machine, guestPort: number): number {
  const forward = machine.options.forwards.find((candidate) => candidate.guestPort === guestPort);
  if (forward === undefined) throw new Error(`port ${guestPort} of the machine is not forwarded`);
  return forward.hostPort;
}

/** Runs kubectl, which must succeed; returns its output. */
export function kubectl(cluster: Cluster, ...args: string[]): Promise<string> {
  return run(kubectlArgs(cluster, args));
}

/** Waits until the API server is ready and the node has said Ready in this boot. */
export async function waitForReady(cluster: Cluster, limit: Limit, onWait: (why: string) => void = () => {}) {
  const bootedAt = Number(await cluster.machine.succeed("sed -n 's/^btime //p' /proc/stat"));
  let why = "";
  await waitOn(cluster.machine, {
    ...limit,
    what: () => `the node to be Ready: ${why}`,
    attempt: async () => {
      why = (await whyNotYet(cluster, bootedAt)) ?? "";
      onWait(why);
      return why === "" ? true : undefined;
    },
    everyMs: 1000,
  });
}

/** Waits until an address answers with a page that has this text. */
export async function waitForPage(machine: Machine, url: string, text: string, limit: Limit): Promise<void> {
  let last = "";
  await waitOn(machine, {
    ...limit,
    what: () => `${url} to answer: ${last}`,
    attempt: async () => {
      last = await fetchText(url);
      return last.includes(text) ? true : undefined;
    },
    everyMs: 1000,
  });
}

/** Makes the images of an archive, attached as a read-only disk with this serial number, known to the node. */
export async function importImages(machine: Machine, serial: string, limit: Limit): Promise<string> {
  const find = `grep -lx ${serial} /sys/block/*/serial`;
  return machine.succeed(
    `disk=$(${find}) && kubesolo images import "/dev/$(basename "\${disk%/serial}")"`,
    limit,
  );
}

async function whyNotYet(cluster: Cluster, bootedAt: number): Promise<string | undefined> {
  const readyz = await tryKubectl(cluster, "get", "--raw", "/readyz");
  if (readyz.exitCode !== 0) return whyApiNotReady(readyz.stderr);
  const nodes = await tryKubectl(cluster, "get", "--raw", "/api/v1/nodes");
  if (nodes.exitCode !== 0) return whyApiNotReady(nodes.stderr);
  return whyNotReady(JSON.parse(nodes.stdout), bootedAt);
}

function tryKubectl(cluster: Cluster, ...args: string[]): Promise<RunResult> {
  return runAnyExit(kubectlArgs(cluster, ["--request-timeout=10s", ...args]));
}

function kubectlArgs(cluster: Cluster, args: string[]): string[] {
  return [cluster.kubectl, "--kubeconfig", cluster.kubeconfig, ...args];
}

/** The page, or why there is none. */
async function fetchText(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    return await response.text();
  } catch (error) {
    return error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  }
}
