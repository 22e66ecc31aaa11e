// Downloads files with apt's helper: by apt's own settings for proxies and mirrors, checked as they arrive, and a file that
// was cut short goes on where it was, which `apt-get download` can't.
import { mkdirSync, rmSync } from "node:fs";
import { basename, dirname } from "node:path";
import { UserError } from "../../lib/errors.ts";
import { runAnyExit } from "../../lib/run.ts";

const HELPER = "/usr/lib/apt/apt-helper";

export interface RemoteFile {
  readonly uri: string;
  readonly sha256: string;
  /** Where it shall lie, a host path; what is there already is taken as its beginning. */
  readonly path: string;
}

export async function downloadFiles(files: readonly RemoteFile[]): Promise<void> {
  for (const { path } of files) mkdirSync(dirname(path), { recursive: true });
  const settings = ["-q", "-o", "Acquire::Retries=3", "-o", "APT::Sandbox::User="];
  const triples = files.flatMap(({ uri, path, sha256 }) => [uri, path, `SHA256:${sha256}`]);
  const result = await runAnyExit([HELPER, ...settings, "download-file", ...triples], {
    missingHint: "this needs a Debian host, with apt",
  });
  if (result.exitCode === 0) return;
  for (const { path } of files) rmSync(`${path}.FAILED`, { force: true });
  const names = files.map(({ path }) => basename(path)).join(", ");
  const differs = result.stderr.includes("Hash Sum mismatch");
  throw new UserError(`cannot download ${names}\n${result.stderr.trim()}`, {
    hint: differs
      ? "try again; if it stays so, the archive changed a file: run `make lock` and review the difference"
      : "check the network and try again; what was downloaded is kept",
  });
}
