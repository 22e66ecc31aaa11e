// A question to the person at the terminal.
import { createInterface } from "node:readline/promises";

export type Ask = (question: string) => Promise<boolean>;

/** Undefined where nobody can be asked. */
export const ask: Ask | undefined = process.stdin.isTTY ? askAtTerminal : undefined;

async function askAtTerminal(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}
