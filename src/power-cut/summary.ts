// What came of all power cuts, by scenario: for people, docs/reliability.md and the benchmark. Pure.
import { type Scenario, scenarioNames } from "./marks.ts";
import type { Look, Result } from "./results.ts";

export interface Row {
  readonly scenario: Scenario;
  /** Looked at without booting, of how many nothing was wrong; the same of the others. `database`: of all, those that had to find objects. */
  readonly looks: Readonly<Record<"offline" | "torn" | "stages" | "ready" | "database", Tally>>;
}

export interface Tally {
  readonly all: number;
  readonly right: number;
}

export function summarize(results: readonly Result[]): Row[] {
  return scenarioNames.flatMap((scenario) => {
    const own = results.filter((result) => result.scenario === scenario);
    if (own.length === 0) return [];
    const count = (all: readonly Result[]): Tally => ({
      all: all.length,
      right: all.filter(({ problems }) => problems.length === 0).length,
    });
    const tally = (...looks: readonly Look[]) => count(own.filter(({ look }) => looks.includes(look)));
    const looks = {
      offline: tally("offline"),
      torn: tally("torn", "reordered"),
      stages: tally("stages"),
      ready: tally("ready"),
      database: count(own.filter(({ objects }) => objects > 0)),
    };
    return [{ scenario, looks }];
  });
}

/** A table in Markdown, with "right of all". */
export function describeSummary(rows: readonly Row[]): string {
  const head = [
    ...["scenario", "boundaries", "torn, reordered", "booted, all stages", "booted, Ready"],
    "of all, with acknowledged objects",
  ];
  const columns = ["offline", "torn", "stages", "ready", "database"] as const;
  const lines = rows.map(({ scenario, looks }) => [
    scenario,
    ...columns.map((look) => `${looks[look].right} of ${looks[look].all}`),
  ]);
  const total = columns.map((look) => `${sum(rows, look, "right")} of ${sum(rows, look, "all")}`);
  return [head, head.map(() => "---"), ...lines, ["all", ...total]]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

export function sum(rows: readonly Row[], look: keyof Row["looks"], what: keyof Tally): number {
  return rows.reduce((total, { looks }) => total + looks[look][what], 0);
}
