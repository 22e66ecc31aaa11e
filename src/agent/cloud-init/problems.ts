// What is wrong with a configuration: every problem at once, each with its place. Pure.
import { masked, printable } from "./secrets.ts";

/** Where something was written; lines and columns from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** From the top to a value: ["write_files", 2, "permissions"]. */
export type Path = readonly (string | number)[];

/** An error refuses the configuration as a whole; a warning doesn't. */
export type Severity = "error" | "warning";

export interface Problem {
  readonly severity: Severity;
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** "write_files[2].permissions"; "" for the file itself. */
  readonly path: string;
  /** What is wrong, without place and path; a secret is never in it. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** One that was found below a path, before anyone looked up where that was written. */
export interface Finding {
  readonly severity: Severity;
  readonly path: Path;
  readonly message: string;
  readonly hint?: string | undefined;
  /** It is about the key, not about what stands there. */
  readonly isAboutKey?: boolean;
}

export function error(path: Path, message: string, hint?: string): Finding {
  return { severity: "error", path, message, ...(hint !== undefined && { hint }) };
}

export function warning(path: Path, message: string, hint?: string): Finding {
  return { severity: "warning", path, message, ...(hint !== undefined && { hint }) };
}

/** More than anyone reads; the file is wrong anyway. */
const MAX_PROBLEMS = 100;

export function pathText(path: Path): string {
  return path.map(partText).join("").replace(/^\./, "");
}

function partText(part: string | number): string {
  if (typeof part === "number") return `[${part}]`;
  return /^[\w./-]+$/.test(part) && !part.includes(".") ? `.${part}` : `[${quoted(part)}]`;
}

/** In the order of files and lines, each once. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const fileOrder = [...new Set(problems.map((problem) => problem.file))];
  const sorted = [...problems].sort(
    (a, b) =>
      fileOrder.indexOf(a.file) - fileOrder.indexOf(b.file) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0),
  );
  const texts = new Set<string>();
  return sorted.filter((problem) => {
    const text = describeProblem(problem);
    return !texts.has(text) && texts.add(text);
  });
}

/** All errors count before any warning, so that cutting the list never turns a bad file into a good one. */
export function cutProblems(problems: readonly Problem[]): Problem[] {
  if (problems.length <= MAX_PROBLEMS) return [...problems];
  const important = [
    ...problems.filter((problem) => problem.severity === "error"),
    ...problems.filter((problem) => problem.severity === "warning"),
  ].slice(0, MAX_PROBLEMS);
  const kept = problems.filter((problem) => important.includes(problem));
  const last = kept[kept.length - 1] as Problem;
  const more = problems.length - MAX_PROBLEMS;
  return [...kept, { severity: "warning", file: last.file, path: "", message: `and ${more} more problems` }];
}

/** One line, and one more for the hint: "user-data:3:5: error: hostname: …". */
export function describeProblem(problem: Problem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(":");
  const path = problem.path === "" ? "" : `${problem.path}: `;
  const hint = problem.hint === undefined ? "" : `\n  hint: ${printable(problem.hint)}`;
  return `${printable(`${place}: ${problem.severity}: ${path}${problem.message}`)}${hint}`;
}

/** A value as a person wrote it, short and on one line, without the password that a URL may have. */
export function quoted(value: unknown): string {
  const written = typeof value === "string" ? JSON.stringify(value) : String(JSON.stringify(value));
  const text = masked(written.slice(0, 400));
  return text.length <= 80 && written.length <= 400
    ? text
    : `${text.slice(0, 77)}…${written.endsWith('"') ? '"' : ""}`;
}
