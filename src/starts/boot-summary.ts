// Pure: what many boots took, as lines and as a table.
import { spread } from "./summary.ts";

export type Boot =
  | { readonly is: "ready"; readonly seconds: number }
  | { readonly is: "failed"; readonly why: string; readonly consoleLog: string };

export function describeBoot(boot: Boot, number: number, count: number): string {
  const place = `boot ${String(number).padStart(String(count).length)}/${count}`;
  if (boot.is === "ready") return `${place}  ready ${boot.seconds.toFixed(1).padStart(5)} s`;
  return `${place}  failed: ${boot.why}\n  its console: ${boot.consoleLog}`;
}

/** A Markdown table with one row; seconds are minimum / median / maximum of those that got Ready. */
export function describeBoots(what: string, boots: readonly Boot[]): string {
  const seconds = boots.flatMap((boot) => (boot.is === "ready" ? [boot.seconds] : []));
  return [
    "| machine | boots | Ready | power-on to Ready, s |",
    "|---|---|---|---|",
    `| ${what} | ${boots.length} | ${seconds.length} | ${spread(seconds)} |`,
  ].join("\n");
}
