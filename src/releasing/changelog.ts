// CHANGELOG.md, as a release finds and leaves it. Pure.

const UNRELEASED = "## Unreleased";

/** Its text in three parts, each without empty lines around it. */
export interface Changelog {
  /** Above "Unreleased". */
  readonly head: string;
  /** What stands below "Unreleased". */
  readonly unreleased: string;
  /** The releases, newest first. */
  readonly releases: string;
}

/** Nothing when there is no section "Unreleased", or more than one. */
export function parseChangelog(text: string): Changelog | undefined {
  const lines = text.split("\n").map((line) => line.trimEnd());
  const start = lines.indexOf(UNRELEASED);
  if (start < 0 || lines.lastIndexOf(UNRELEASED) !== start) return undefined;
  const next = lines.findIndex((line, index) => index > start && line.startsWith("## "));
  const end = next < 0 ? lines.length : next;
  const part = (from: number, to: number) => lines.slice(from, to).join("\n").trim();
  return {
    head: part(0, start),
    unreleased: part(start + 1, end),
    releases: part(end, lines.length),
  };
}

/** What keeps it from being released as this version. */
export function changelogProblems(changelog: Changelog | undefined, version: string): string[] {
  if (changelog === undefined) return [`CHANGELOG.md has no line "${UNRELEASED}", or more than one`];
  const headings = changelog.releases.split("\n").map((line) => /^## ([^\s,]+)/.exec(line)?.[1]);
  return [
    ...(/^[-*] \S/m.test(changelog.unreleased)
      ? []
      : ['CHANGELOG.md says nothing below "Unreleased": no line begins with "- "']),
    ...(headings.includes(version) ? [`CHANGELOG.md has a section ${version} already`] : []),
  ];
}

/** The file with what was unreleased as this version, and a new, empty "Unreleased" above it. */
export function formatReleased(changelog: Changelog, version: string, date: string): string {
  const { head, unreleased, releases } = changelog;
  const parts = [head, UNRELEASED, `## ${version}, ${date}`, unreleased, releases];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
