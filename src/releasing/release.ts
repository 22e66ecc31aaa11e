// `make release`: finds the repository as it is, has the release decided on, and carries it out: three files, a commit, a tag.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../lib/errors.ts";
import { type RunOptions, run } from "../lib/run.ts";
import { type Found, newestTag, planRelease, type ReleasePlan, releasedFiles } from "./release-plan.ts";

export interface ReleaseOptions {
  readonly version: string;
  /** The day, such as 2026-12-01. */
  readonly date: string;
  readonly isDryRun: boolean;
}

/** Releases the repository in `folder`, a host path; a dry run changes nothing. Throws with all that is wrong. */
export async function release(
  folder: string,
  { version, date, isDryRun }: ReleaseOptions,
): Promise<ReleasePlan> {
  const plan = planRelease(version, date, await findRepository(folder));
  if ("problems" in plan)
    throw new UserError(`cannot release ${version}:\n  ${plan.problems.join("\n  ")}`, {
      hint: "docs/releasing.md says what a release needs",
    });
  if (!isDryRun) await applyPlan(folder, plan);
  return plan;
}

async function findRepository(folder: string): Promise<Found> {
  const git = gitIn(folder);
  const branch = (await git("branch", "--show-current")).trim();
  const changed = await git("status", "--porcelain", "--untracked-files=all");
  const tags = lines(await git("tag", "--list"));
  const newest = newestTag(tags);
  const files = Object.fromEntries(
    releasedFiles.map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
  return {
    files: files as Found["files"],
    ...(branch !== "" && { branch }),
    // Two letters and a space stand before each name.
    changed: lines(changed).map((line) => line.slice(3)),
    tags,
    ...(newest !== undefined && { lastPackage: await git("show", `${newest}:package.json`) }),
  };
}

/** All of it, or nothing: the tree was clean, so what it had can be had again. */
async function applyPlan(folder: string, { files, subject, tag, message }: ReleasePlan): Promise<void> {
  const git = gitIn(folder);
  const before = (await git("rev-parse", "HEAD")).trim();
  try {
    for (const name of releasedFiles) writeFileSync(join(folder, name), files[name]);
    await git("commit", "--quiet", "--message", subject, "--", ...releasedFiles);
    // As it stands: git would leave out lines that begin with "#".
    const tagging = ["tag", "--annotate", "--cleanup=verbatim", "--file=-", tag];
    await run(["git", ...tagging], { cwd: folder, input: message });
  } catch (error) {
    await git("reset", "--quiet", "--soft", before);
    await git("restore", `--source=${before}`, "--staged", "--worktree", "--", ...releasedFiles);
    throw error;
  }
}

function gitIn(folder: string): (...args: string[]) => Promise<string> {
  const options: RunOptions = { cwd: folder };
  return (...args) => run(["git", ...args], options);
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
