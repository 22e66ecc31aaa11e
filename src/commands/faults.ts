import { Command } from "commander";
import { agentPoints, faultEffects, initPoints } from "../release/fault-points.ts";

export function faultsCommand(): Command {
  return new Command("faults")
    .description("list where an image of `build --faults` can be made to fail, and how")
    .option("--json", "print JSON instead of a table", false)
    .action(({ json }: { json: boolean }) => {
      const points = { init: initPoints, agent: agentPoints };
      if (json) console.log(JSON.stringify({ ...points, effects: faultEffects }, undefined, 2));
      else console.log(describe(points));
    });
}

function describe(points: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const rows = Object.entries(points).flatMap(([who, of]) => [
    `Points of ${who}:`,
    ...Object.entries(of).map(([name, what]) => `  ${name.padEnd(20)} ${what}`),
  ]);
  const word = "On the kernel command line: kubesolo.fault=POINT:EFFECT";
  return [...rows, `Effects: ${faultEffects.join(", ")}`, word].join("\n");
}
