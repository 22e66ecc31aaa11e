// Where programs are started: arrays, never shell strings. Those that live on: detached.ts; their lines: lines.ts.
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { errorCode, UserError } from "./errors.ts";
import { isVerbose, log } from "./log.ts";

export interface RunOptions {
  /** Working directory, a host path. */
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Given on standard input. */
  readonly input?: string | Uint8Array;
  /** A host file given on standard input instead. */
  readonly inputFile?: string;
  /** A host file, written anew, that gets all that it prints; the result has none of it then. */
  readonly outputFile?: string;
  /** The same of its standard output alone. */
  readonly stdoutFile?: string;
  /** What to do when the program is missing. */
  readonly missingHint?: string;
  /** What to do when it fails. */
  readonly failureHint?: string;
  /** Ended with SIGTERM when this fires; its result is then that of any other end. */
  readonly signal?: AbortSignal;
}

export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end and returns its standard output; a non-zero exit code throws. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<string> {
  const result = await runAnyExit(args, options);
  if (result.exitCode === 0) return result.stdout;
  const output = lastLines(result.stderr.trim() || result.stdout.trim(), isVerbose() ? 1000 : 15);
  throw new UserError(`"${args.join(" ")}" ended with exit code ${result.exitCode}\n${output}`, {
    ...(options.failureHint !== undefined && { hint: options.failureHint }),
  });
}

/** Runs a program to its end, whatever its exit code. A missing program throws. */
export function runAnyExit(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const [program = "", ...rest] = args;
  if (isVerbose()) log(`+ ${args.join(" ")}`);
  return new Promise((resolve, reject) => {
    const inputFile = options.inputFile === undefined ? undefined : openSync(options.inputFile, "r");
    const outputFile = options.outputFile === undefined ? undefined : openSync(options.outputFile, "w");
    const stdoutFile = options.stdoutFile === undefined ? undefined : openSync(options.stdoutFile, "w");
    const child = spawn(program, rest, {
      ...(options.cwd !== undefined && { cwd: options.cwd }),
      env: { ...process.env, ...options.env },
      stdio: [
        inputFile ?? (options.input === undefined ? "ignore" : "pipe"),
        stdoutFile ?? outputFile ?? "pipe",
        outputFile ?? "pipe",
      ],
    });
    for (const file of [inputFile, outputFile, stdoutFile]) if (file !== undefined) closeSync(file);
    options.signal?.addEventListener("abort", () => child.kill(), { once: true });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => {
      stderr.push(chunk);
      if (isVerbose()) process.stderr.write(chunk);
    });
    child.on("error", (error) => reject(startError(program, error, options)));
    child.on("close", (code, signalName) => {
      resolve({
        exitCode: code ?? 1,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString() + (signalName ? `ended by ${signalName}` : ""),
      });
    });
    // A program may end without reading all of its input; its exit code says whether that was right.
    child.stdin?.on("error", () => {});
    child.stdin?.end(options.input);
  });
}

/** Why a program didn't start, from what `spawn` says. */
export function startError(
  program: string,
  error: Error,
  options: Pick<RunOptions, "missingHint"> = {},
): UserError {
  if (errorCode(error) !== "ENOENT") return new UserError(`cannot run "${program}"`, { cause: error });
  return new UserError(`program "${program}" is not installed`, {
    hint: options.missingHint ?? "run `make setup`",
  });
}

function lastLines(text: string, count: number): string {
  return text.split("\n").slice(-count).join("\n");
}
