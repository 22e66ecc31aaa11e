// A node for one test file, with what these tests ask it again and again.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readKit } from "../../src/lib/built.ts";
import { buildPath } from "../../src/lib/paths.ts";
import type { RunResult } from "../../src/lib/run.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";

export const patience = { timeoutMs: 120_000 };

/** kubectl for what runs on the node itself, such as `sandbox.until`. */
export function kubectlInside({ options, kubeconfig }: Sandbox): string[] {
  return [join(options.engine, "kubectl"), `--kubeconfig=${kubeconfig}`];
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

/** Starts a node that has the images `localhost/nginx:1` and `localhost/busybox:1`; it may not be ready yet. */
export async function startNode(name: string, flags: readonly string[] = []): Promise<NodeUnderTest> {
  const directory = mkdtempSync(join(tmpdir(), `kubesolo-${name}-`));
  const { nginxArchive, busyboxArchive } = readKit();
  const archives = [nginxArchive, busyboxArchive];
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
