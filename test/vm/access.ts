// Getting into a box from outside, as a person does: by the command line, with a folder of `access init`.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { buildPath, sourcePath } from "../../src/lib/paths.ts";
import { type RunResult, run, runAnyExit } from "../../src/lib/run.ts";
import { apiGuestPort, type Cluster, hostPortOf } from "../../src/vm/cluster.ts";

const program = sourcePath("bin/kubesolo-os");
const folderOf = (name: string) => join(buildPath("test"), `access-${name}`);

/** Makes an authority and its administrator's certificate anew; the lines for the configuration, below `kubesolo:`. */
export async function makeAuthority(name: string): Promise<string> {
  rmSync(folderOf(name), { recursive: true, force: true });
  return (await run([program, "access", "init", folderOf(name)])).replace("kubesolo:\n", "");
}

/** A certificate of this authority for somebody, or for the administrator again. */
export function grant(name: string, user: string, ...options: string[]): Promise<string> {
  return run([program, "access", "grant", user, ...options, "--folder", folderOf(name)]);
}

/** Asks the box for a kubeconfig: for the administrator of this authority, unless options say otherwise. */
export async function askForKubeconfig(
  { machine }: Cluster,
  name: string,
  fingerprint: string,
  ...options: string[]
): Promise<RunResult & { file: string }> {
  const file = join(folderOf(name), `kubeconfig${options.join("")}`);
  const server = ["--server", `127.0.0.1:${hostPortOf(machine, apiGuestPort)}`, "--fingerprint", fingerprint];
  const where = ["--folder", folderOf(name), ...(options.length > 0 ? ["--output", file] : [])];
  const result = await runAnyExit([program, "access", "kubeconfig", ...server, ...where, ...options]);
  return { ...result, file };
}

/** What the status says of the CA. */
export function fingerprintIn(status: string): string {
  const found = /^ {2}CA +(SHA256:\S+)$/m.exec(status)?.[1];
  if (found === undefined) throw new Error(`no fingerprint in the status:\n${status}`);
  return found;
}
