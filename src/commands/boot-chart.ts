import { readFileSync } from "node:fs";
import { Command } from "commander";
import { drawBootChart } from "../boot-times/chart.ts";
import { parseBootTimes } from "../boot-times/times.ts";
import { UserError } from "../lib/errors.ts";
import { runPath } from "../release/run-files.ts";
import { machineDirectory } from "../up/up.ts";
import { attachMachine } from "../vm/machine.ts";

const guestFile = runPath("boot.json");

export function bootChartCommand(): Command {
  return new Command("boot-chart")
    .description("draw how long each part of a boot took, as SVG on standard output")
    .argument("[file]", "boot.json of a machine; without it, that of the machine of `up`")
    .action(async (file: string | undefined) => {
      const [text, where] = file === undefined ? [await askMachine(), guestFile] : [readFile(file), file];
      process.stdout.write(drawBootChart(parseBootTimes(text, where)));
    });
}

async function askMachine(): Promise<string> {
  const machine = await attachMachine(machineDirectory);
  if (machine === undefined)
    throw new UserError("no machine is running", { hint: "run `make up`, or name a file" });
  const text = await machine.succeed(`cat ${guestFile}`);
  machine.detach();
  return text;
}

function readFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new UserError(`cannot read "${path}"`, { cause });
  }
}
