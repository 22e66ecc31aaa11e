// A person at a terminal, which script(1) is here.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { type Limit, waitFor } from "../src/lib/wait.ts";

export interface Terminal {
  /** With the exit code, first. */
  readonly ended: Promise<unknown[]>;
  type(keys: string): void;
  /** What it has shown since something was typed last. */
  shown(): string;
  waitFor(pattern: RegExp, limit: Limit): Promise<RegExpExecArray>;
}

/** A terminal in which these words run. */
export function openTerminal(words: readonly string[]): Terminal {
  const command = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  const child = spawn("script", ["--quiet", "--return", "--flush", "--command", command, "/dev/null"]);
  let shown = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    shown += piece.replaceAll("\r", "");
  });
  return {
    ended: once(child, "close"),
    type: (keys) => {
      shown = "";
      child.stdin.write(keys);
    },
    shown: () => shown,
    waitFor: (pattern, limit) =>
      waitFor({
        ...limit,
        what: () => `${pattern}; shown: ${shown.slice(-1000)}`,
        attempt: () => pattern.exec(shown) ?? undefined,
      }),
  };
}
