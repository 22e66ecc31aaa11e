// What a benchmark finds is kept as soon as it is found: a later failure doesn't take it along.
// A pure function first, then the keeper.
import { appendFileSync } from "node:fs";
import { replaceFile } from "../lib/files.ts";
import { log } from "../lib/log.ts";

export interface Finding {
  /** What was measured; the same in each of several rounds. */
  readonly what: string;
  readonly figures: object;
}

/** A line for what was measured: each figure's value in each round, in their order. */
export function describeFindings(findings: readonly Finding[]): string {
  const kinds = [...new Set(findings.map(({ what }) => what))];
  return kinds.map((kind) => describeRounds(kind, findings)).join("\n");
}

function describeRounds(kind: string, findings: readonly Finding[]): string {
  const rounds = findings.flatMap(({ what, figures }) => (what === kind ? [textsOf(figures)] : []));
  const names = [...new Set(rounds.flatMap((round) => [...round.keys()]))];
  const texts = names.map((name) => `${name} ${rounds.map((round) => round.get(name) ?? "–").join(" ")}`);
  return `${kind}: ${texts.join(", ")}`;
}

/** Without lists, as of processes, and without a reason's details: those are for the file alone. */
function textsOf(figures: object): Map<string, string> {
  const shown = Object.entries(figures).filter(([, value]) => typeof value !== "object");
  const text = (value: unknown) =>
    typeof value === "number" ? String(Number(value.toFixed(2))) : String(value).split("\n", 1).join();
  return new Map(shown.map(([name, value]) => [name, text(value)]));
}

/** Disposed of before it is complete, it tells what it has. */
export class Findings {
  /** A JSON object a line; a host path. */
  readonly path: string;
  readonly #findings: Finding[] = [];
  #isComplete = false;

  constructor(path: string) {
    this.path = path;
    replaceFile(path, "");
  }

  add<T extends object>(what: string, figures: T): T {
    this.#findings.push({ what, figures });
    appendFileSync(this.path, `${JSON.stringify({ what, figures })}\n`);
    return figures;
  }

  /** Now all of it is in the benchmark's result. */
  complete(): void {
    this.#isComplete = true;
  }

  [Symbol.dispose](): void {
    if (this.#isComplete || this.#findings.length === 0) return;
    log(`the benchmark did not come to its end; found until then (${this.path}):`);
    log(describeFindings(this.#findings));
  }
}
