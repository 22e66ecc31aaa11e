// What was simulated, as a file that other commands read: build/reliability/sequences.json.
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { replaceFile } from "../../lib/files.ts";

export interface Sequences {
  readonly sequences: number;
  readonly steps: number;
  readonly seed: number;
  /** Lives that broke a promise. */
  readonly broken: number;
  readonly steps_per_minute: number;
  readonly commit: string;
  readonly date: string;
}

export function writeSequences(path: string, sequences: Sequences): void {
  mkdirSync(dirname(path), { recursive: true });
  replaceFile(path, `${JSON.stringify(sequences, undefined, 2)}\n`);
}
