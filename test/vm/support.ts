// A support bundle as a person gets it: by the command line, from outside.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { buildPath, sourcePath } from "../../src/lib/paths.ts";
import { run } from "../../src/lib/run.ts";
import type { Cluster } from "../../src/vm/cluster.ts";

const program = sourcePath("bin/kubesolo-os");

/** Its path. */
export async function fetchSupport({ kubectl, kubeconfig }: Cluster, name: string): Promise<string> {
  const file = join(buildPath("test"), `support-${name}.tar.gz`);
  rmSync(file, { force: true });
  const options = ["--kubectl", kubectl, "--kubeconfig", kubeconfig, "--output", file];
  return (await run([program, "support", ...options])).trim();
}

/** What the workstation makes of it. */
export function explainSupport(file: string): Promise<string> {
  return run([program, "explain", file]);
}

/** A part of it, as it is. */
export function partOf(file: string, name: string): Promise<string> {
  return run(["tar", "-xzOf", file, `kubesolo-os-support/${name}`]);
}
