// A node for one test file, with what these tests ask it again and again.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { readKit } from "../../src/lib/built.ts";
import { buildPath } from "../../src/lib/paths.ts";
import type { RunResult } from "../../src/lib/run.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";

export const patience = { timeoutMs: 120_000 };
/** The same for what is asked again and again: `expect.poll`. */
export const polling = { timeout: patience.timeoutMs, interval: 200 };

/** kubectl for what runs on the node itself, such as `sandbox.until`. */
export function kubectlInside({ options, kubeconfig }: Sandbox): string[] {
  return [join(options.engine, "kubectl"), `--kubeconfig=${kubeconfig}`];
}

/** Prints a page, on the node or outside of it: a static BusyBox can't do it there (glibc's name services). */
export function fetchPage(url: string): string[] {
  const program = `fetch("${url}", {signal: AbortSignal.timeout(5000)}).then((r) => r.text()).then(console.log)`;
  return ["env", "NODE_TLS_REJECT_UNAUTHORIZED=0", process.execPath, "--eval", program];
}

/** Waits for an event of this reason, about the object of this name, that says so. */
export async function untilEvent(
  sandbox: Sandbox,
  name: string,
  reason: string,
  message: string,
): Promise<void> {
  const selector = `involvedObject.name=${name},reason=${reason}`;
  const get = ["get", "events", "--field-selector", selector, "--output=jsonpath={.items[*].message}"];
  await expect.poll(() => sandbox.kubectl(...get), polling).toContain(message);
}

/** What goes before a command so that it runs on the node, in the network of the pod with this address. */
export function inPodNetwork(address: string): string[] {
  const find = `for name in $(ip netns list | cut -d " " -f 1); do
    ip -n "$name" address show | grep -qF "inet ${address}/" && exec nsenter "--net=/run/netns/$name" "$@"
  done`;
  return ["sh", "-c", find, "sh"];
}

export interface NodeUnderTest {
  /** Another one after `restartWith`. */
  readonly sandbox: Sandbox;
  /** Host path of a folder for the test's own files, too. */
  readonly directory: string;
  /** Runs the engine's program once more, inside: `status`, or a second engine. */
  engine(...args: string[]): Promise<RunResult>;
  /** Pulls the plug and boots again with other flags; waits for ready. */
  restartWith(...flags: string[]): Promise<void>;
  /** Ends all of it and removes its files. */
  end(): Promise<void>;
}

/** Starts a node that has the images `localhost/nginx:1`, `localhost/busybox:1` and these archives; it may not be ready yet. */
export async function startNode(
  name: string,
  flags: readonly string[] = [],
  more: readonly string[] = [],
): Promise<NodeUnderTest> {
  const directory = mkdtempSync(join(tmpdir(), `kubesolo-${name}-`));
  const { nginxArchive, busyboxArchive } = readKit();
  const archives = [nginxArchive, busyboxArchive, ...more];
  let sandbox = await startBuiltEngine(name, join(directory, "sandbox"), flags, archives);
  return {
    directory,
    get sandbox() {
      return sandbox;
    },
    engine: (...args) =>
      sandbox.runAnyExit([join(buildPath("engine"), "kubesolo"), ...args], {
        env: { KUBESOLO_LIB: sandbox.path("library") },
      }),
    async restartWith(...changed) {
      await sandbox.crash();
      sandbox = await startSandbox({ ...sandbox.options, flags: changed });
      await sandbox.waitForReady(patience);
    },
    async end() {
      await sandbox.crash();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The engine as it was built, in a host folder that the caller removes; it may not be ready yet. */
export function startBuiltEngine(
  name: string,
  directory: string,
  flags: readonly string[] = [],
  archives: readonly string[] = [],
): Promise<Sandbox> {
  return startSandbox({
    name,
    directory,
    engine: buildPath("engine"),
    images: [buildPath("image/pause.tar"), ...archives],
    flags: [...flags],
    environment: {},
  });
}
