// A support bundle → the likely causes of what is wrong, with the lines that point at each. Pure.
import { printable } from "../release/minisign.ts";
import type { SupportBundle } from "./bundle.ts";
import type { Cause, Sign } from "./causes/cause.ts";
import { diskCauses } from "./causes/disk.ts";
import { networkCauses } from "./causes/network.ts";
import { startCauses } from "./causes/start.ts";
import { updateCauses } from "./causes/updates.ts";
import { workloadCauses } from "./causes/workloads.ts";

export interface Finding {
  readonly cause: Cause;
  /** "kernel.log: [  3.1] …", the newest last. */
  readonly evidence: readonly string[];
}

/** In this order: what has others as its consequence comes before them. */
export const causes: readonly Cause[] = [
  ...diskCauses,
  ...startCauses,
  ...networkCauses,
  ...updateCauses,
  ...workloadCauses,
];

/** So many lines of each part. */
const SHOWN = 2;
const MAX_LINE = 240;

export function findCauses({ parts }: SupportBundle): Finding[] {
  return causes.flatMap((cause) => {
    const evidence = cause.signs.flatMap((sign) => evidenceOf(sign, parts[sign.part] ?? ""));
    return evidence.length === 0 ? [] : [{ cause, evidence: [...new Set(evidence)] }];
  });
}

function evidenceOf({ part, line, over }: Sign, text: string): string[] {
  const lines = text.split("\n");
  const end = over === undefined ? -1 : lines.findLastIndex((each) => over.test(each));
  const found = lines.slice(end + 1).filter((each) => line.test(each));
  const shown = [...new Set(found)].slice(-SHOWN);
  const others = found.length - shown.length;
  return shown.map((each, index) => {
    const more = others > 0 && index === shown.length - 1 ? ` (${others} more like this)` : "";
    return `${part}: ${each.trim().slice(0, MAX_LINE)}${more}`;
  });
}

/** For a person. Its lines are somebody else's: they get no control characters onto a terminal. */
export function describeFindings({ index }: SupportBundle, findings: readonly Finding[]): string {
  const { machine, version, madeMs, missing } = index;
  const head = `${machine || "a machine without a name"}, KubeSolo OS ${version}, at ${new Date(madeMs).toISOString()} by its clock`;
  const found = findings.flatMap(({ cause, evidence }, number) => [
    "",
    `${number + 1}. ${cause.says}`,
    ...evidence.map((line) => `     ${line}`),
    `   do: ${cause.do}`,
  ]);
  const nothing = [
    "",
    "Nothing that is known points at a fault. system.log and events.txt have the whole story.",
  ];
  const absent = Object.entries(missing).map(([name, why]) => `   ${name}: ${why}`);
  return [
    head,
    ...(found.length === 0 ? nothing : found),
    ...(absent.length === 0 ? [] : ["", "Not in it, or not whole:", ...absent]),
  ]
    .map((line) => `${printable(line)}\n`)
    .join("");
}
