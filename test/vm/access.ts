// Getting into a box from outside, as docs/access.md shows it: by the command line, in a folder of somebody's own.
import { mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { buildPath, sourcePath } from "../../src/lib/paths.ts";
import { type RunResult, runAnyExit } from "../../src/lib/run.ts";
import { apiGuestPort, type Cluster, hostPortOf } from "../../src/vm/cluster.ts";
import { inShell, shownCommand } from "../shown-commands.ts";

/** A host path in the folder of a person, who has the repository's bin. */
export function deskPath(person: string, path = ""): string {
  return join(buildPath("test"), `access-${person}`, path);
}

/** Runs lines as this person. */
export function runAtDesk(
  person: string,
  lines: readonly string[],
  programs: Readonly<Record<string, readonly string[]>> = {},
): Promise<RunResult> {
  return runAnyExit(inShell(lines, programs), { cwd: deskPath(person) });
}

/** Makes an authority and its administrator's certificate anew; the lines for the configuration, below `kubesolo:`. */
export async function makeAuthority(person: string): Promise<string> {
  rmSync(deskPath(person), { recursive: true, force: true });
  mkdirSync(deskPath(person), { recursive: true });
  symlinkSync(sourcePath("bin"), deskPath(person, "bin"));
  await runAtDesk(person, [shownCommand("access", "bin/kubesolo-os access init")]);
  return readFileSync(deskPath(person, "lines.yaml"), "utf8").replace("kubesolo:\n", "");
}

/** What stands for this box where the page has one of its own. */
export function ownBox({ machine }: Cluster, fingerprint: string): Record<string, string> {
  return { "192.168.1.12": `127.0.0.1:${hostPortOf(machine, apiGuestPort)}`, "SHA256:…": fingerprint };
}

/** What the status says of the CA. */
export function fingerprintIn(status: string): string {
  const found = /^ {2}CA +(SHA256:\S+)$/m.exec(status)?.[1];
  if (found === undefined) throw new Error(`no fingerprint in the status:\n${status}`);
  return found;
}
