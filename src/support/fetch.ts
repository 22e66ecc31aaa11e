// A support bundle from a box whose API answers, by stock kubectl: whatever kubeconfig it takes gets it.
import { existsSync, renameSync, rmSync } from "node:fs";
import { UserError } from "../lib/errors.ts";
import { type RunResult, runAnyExit } from "../lib/run.ts";
import { SUPPORT_PATH, supportFileName } from "../release/support-bundle.ts";
import { readSupportBundle } from "./bundle.ts";

export interface FetchOptions {
  readonly kubectl: string;
  /** kubectl's own choice when absent. */
  readonly kubeconfig?: string;
  /** Named by the machine and the time when absent. */
  readonly output?: string;
}

/** The path of the file, which is only there when it is whole. */
export async function fetchSupportBundle({ kubectl, kubeconfig, output }: FetchOptions): Promise<string> {
  if (output !== undefined && existsSync(output))
    throw new UserError(`"${output}" is there already`, { hint: "name another file" });
  const partial = `${output ?? "support"}.partial`;
  try {
    const args = [kubectl, ...(kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig])];
    const result = await runAnyExit([...args, "get", "--raw", SUPPORT_PATH], {
      stdoutFile: partial,
      missingHint: "install kubectl, or name one with --kubectl",
    });
    if (result.exitCode !== 0) throw refusal(result);
    const { index } = await readSupportBundle(partial);
    const file = output ?? supportFileName(index);
    renameSync(partial, file);
    return file;
  } finally {
    rmSync(partial, { force: true });
  }
}

function refusal({ stderr }: RunResult): UserError {
  const said = stderr.trim();
  const hint = HINTS.find(([pattern]) => pattern.test(said))?.[1] ?? OTHERWISE;
  return new UserError(`the box gave no support bundle: ${said}`, { hint });
}

const OTHERWISE = "docs/support.md has other ways to get one";
const HINTS: readonly (readonly [RegExp, string])[] = [
  [/forbidden/i, `only an administrator may ask for it, or who RBAC lets get the path ${SUPPORT_PATH}`],
  [/unauthorized|logged in/i, "the box doesn't know who asks: docs/access.md"],
  [/NotFound|not find/i, "the box's system is older than this way; update it"],
  [
    /refused|timeout|no route|EOF|unable to connect/i,
    "its API doesn't answer: its console says why, and docs/support.md has other ways",
  ],
];
