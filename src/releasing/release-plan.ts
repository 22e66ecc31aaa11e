// What a release changes in the repository, or all that keeps it from being made. Pure.
import * as v from "valibot";
import { parseProduct } from "../image/product.ts";
import { compareVersions, isVersion } from "../release/version.ts";
import { changelogProblems, formatReleased, parseChangelog } from "./changelog.ts";

/** The repository as it is found. */
export interface Found {
  readonly files: Readonly<Record<ReleasedFile, string>>;
  /** Nothing when no branch is checked out. */
  readonly branch?: string;
  /** Files that aren't as they were committed. */
  readonly changed: readonly string[];
  readonly tags: readonly string[];
  /** package.json of the newest release's tag; nothing when there is none. */
  readonly lastPackage?: string;
}

export const releasedFiles = ["package.json", "package-lock.json", "CHANGELOG.md"] as const;

export type ReleasedFile = (typeof releasedFiles)[number];

export interface ReleasePlan {
  readonly version: string;
  readonly sequence: number;
  readonly tag: string;
  /** Of the commit. */
  readonly subject: string;
  /** Of the tag. */
  readonly message: string;
  readonly files: Readonly<Record<ReleasedFile, string>>;
}

const BRANCH = "main";

/** `date` is the day, such as 2026-12-01. */
export function planRelease(
  version: string,
  date: string,
  found: Found,
): ReleasePlan | { readonly problems: readonly string[] } {
  const current = parseProduct(found.files["package.json"]);
  const changelog = parseChangelog(found.files["CHANGELOG.md"]);
  const problems = [
    ...versionProblems(version, current.version, found.tags),
    ...numberProblems(found, current),
    ...treeProblems(found),
    ...changelogProblems(changelog, version),
  ];
  if (problems.length > 0 || changelog === undefined) return { problems };
  const sequence = current.sequence + 1;
  return {
    ...{ version, sequence },
    tag: `v${version}`,
    subject: `build: release ${version}`,
    message: `KubeSolo OS ${version}\n\n${changelog.unreleased}\n`,
    files: {
      "package.json": withNumbers(found.files["package.json"], version, sequence),
      "package-lock.json": withLockedVersion(found.files["package-lock.json"], version),
      "CHANGELOG.md": formatReleased(changelog, version, date),
    },
  };
}

/** The tag of the newest release. */
export function newestTag(tags: readonly string[]): string | undefined {
  return tags
    .filter(isReleaseTag)
    .sort((one, other) => compareVersions(one.slice(1), other.slice(1)))
    .at(-1);
}

function isReleaseTag(tag: string): boolean {
  return tag.startsWith("v") && isVersion(tag.slice(1));
}

function versionProblems(version: string, current: string, tags: readonly string[]): string[] {
  // What stands behind a "+" doesn't make a version a later one.
  if (!isVersion(version) || version.includes("+")) return [`"${version}" is no version such as 1.2.3`];
  const newest = newestTag(tags);
  return [
    ...(compareVersions(version, current) > 0
      ? []
      : [`package.json has the version ${current}, and ${version} isn't later`]),
    ...(tags.includes(`v${version}`) ? [`there is a tag v${version} already`] : []),
    ...(newest === undefined || newest === `v${version}` || compareVersions(version, newest.slice(1)) > 0
      ? []
      : [`the newest tag is ${newest}, and ${version} isn't later`]),
  ];
}

const Lock = v.object({
  version: v.string(),
  packages: v.object({ "": v.object({ version: v.string() }) }),
});

function numberProblems(
  { files, lastPackage }: Found,
  { version, sequence }: { version: string; sequence: number },
): string[] {
  const lock = v.parse(Lock, JSON.parse(files["package-lock.json"]));
  const last = lastPackage === undefined ? undefined : parseProduct(lastPackage);
  return [
    ...(lock.version === version && lock.packages[""].version === version
      ? []
      : [`package-lock.json isn't of package.json's version ${version}: run \`npm install\``]),
    ...(last === undefined || last.sequence <= sequence
      ? []
      : [`package.json has sequence ${sequence}, and ${last.version} had ${last.sequence}: it only grows`]),
  ];
}

function treeProblems({ branch, changed }: Found): string[] {
  const where = branch === undefined ? "no branch is checked out" : `this is the branch "${branch}"`;
  const [first, ...more] = changed;
  return [
    ...(branch === BRANCH ? [] : [`${where}, and releases are made of ${BRANCH}`]),
    ...(first === undefined
      ? []
      : [`not all is committed: ${first}${more.length > 0 ? ` and ${more.length} more` : ""}`]),
  ];
}

function withNumbers(text: string, version: string, sequence: number): string {
  const json = JSON.parse(text);
  return formatJson({ ...json, version, release: { ...json.release, sequence } });
}

function withLockedVersion(text: string, version: string): string {
  const json = JSON.parse(text);
  const { "": own, ...packages } = json.packages;
  return formatJson({ ...json, version, packages: { "": { ...own, version }, ...packages } });
}

/** As npm writes it. */
function formatJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
