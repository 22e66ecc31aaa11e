// What `config check` and `config explain` say, on a workstation and on the device alike. Pure.
import { explain } from "./explain.ts";
import { decodeSources, type SourceFile, type SourceFiles } from "./files.ts";
import { instanceIdOf } from "./instance-id.ts";
import { loadConfig } from "./load.ts";
import { describeProblem } from "./problems.ts";
import { HIDDEN } from "./secrets.ts";
import { type Decoder, SOURCE_KINDS, type SourceKind } from "./source.ts";

export type Question = "check" | "explain";

export interface Verdict {
  /** Results: the explanation, or JSON. */
  readonly stdout: string;
  /** Problems. */
  readonly stderr: string;
  readonly isGood: boolean;
  /** There are passwords in plain text, which a device hashes before it keeps anything. */
  readonly hasPlainPasswords: boolean;
}

/** Files of a volume by their names; any other name is user-data's. undefined: two files would be the same one. */
export function nameFiles(files: readonly SourceFile[]): SourceFiles | undefined {
  const named = files.map((file): [SourceKind, SourceFile] => [nameOf(file.file), file]);
  const isClear = new Set(named.map(([name]) => name)).size === named.length;
  return isClear ? Object.fromEntries(named) : undefined;
}

export interface ReportOptions {
  readonly isJson?: boolean;
  /** Warnings count as errors. */
  readonly isStrict?: boolean;
}

export function reportOn(
  files: SourceFiles,
  decoder: Decoder,
  question: Question,
  { isJson = false, isStrict = false }: ReportOptions = {},
): Verdict {
  const decoded = decodeSources(files, decoder);
  const { decision, problems, plainTexts } = loadConfig(decoded.sources, {
    decoder,
    problems: decoded.problems,
  });
  const stderr = problems.map((problem) => `${describeProblem(problem)}\n`).join("");
  const isGood = decision !== undefined && !(isStrict && problems.length > 0);
  const rest = { stderr, isGood, hasPlainPasswords: plainTexts.length > 0 };
  if (question === "check") {
    const verdict = isGood ? "the configuration is good\n" : "";
    return { stdout: isJson ? json({ isGood, problems }) : verdict, ...rest };
  }
  // With passwords in plain text, only a device knows the text that it keeps.
  const texts = SOURCE_KINDS.flatMap((kind) => decoded.sources[kind]?.text ?? []);
  const instanceId =
    decision === undefined || plainTexts.length > 0
      ? undefined
      : instanceIdOf(decision.instanceId, files["meta-data"] !== undefined, texts, (text) =>
          decoder.sha256(text),
        );
  if (decision === undefined || !isGood) return { stdout: "", ...rest };
  return { stdout: isJson ? json(decision) : `${explain(decision, instanceId)}\n`, ...rest };
}

function nameOf(path: string): SourceKind {
  const base = path.slice(path.lastIndexOf("/") + 1);
  return SOURCE_KINDS.find((name) => base === name || base.startsWith(`${name}.`)) ?? "user-data";
}

/** With all that is in a decision but passwords in plain text, which nothing ever prints. */
function json(value: unknown): string {
  const shown = (key: string, each: unknown) => (key === "plainPassword" ? HIDDEN : each);
  return `${JSON.stringify(value, shown, 2)}\n`;
}
