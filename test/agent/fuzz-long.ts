// `make fuzz-config`: as many files as are asked for, from a seed. Prints each fault with the seed that makes it again, and how
// many there were. The time is the process's own, so that a busy machine is no fault.
import { kinds, tryFile } from "./fuzzing.ts";

const count = Number(process.argv[2] ?? 1_000_000);
const firstSeed = Number(process.argv[3] ?? 1);
const LIMIT_MS = 1000;
const MAX_FAULTS = 20;

const startedMs = Date.now();
let faults = 0;
let slowestMs = 0;
for (let index = 0; index < count && faults < MAX_FAULTS; index++) {
  if (index % 10_000 === 9999) console.log(`${index + 1} files…`);
  const kind = kinds[index % kinds.length] as (typeof kinds)[number];
  const seed = firstSeed + Math.floor(index / kinds.length);
  const before = process.cpuUsage();
  const { fault } = tryFile(kind, seed);
  const { user, system } = process.cpuUsage(before);
  const usedMs = (user + system) / 1000;
  slowestMs = Math.max(slowestMs, usedMs);
  const problem = fault ?? (usedMs > LIMIT_MS ? `took ${Math.round(usedMs)} ms` : undefined);
  if (problem === undefined) continue;
  faults += 1;
  console.log(`${kind}, seed ${seed}: ${problem}`);
}
const seconds = Math.round((Date.now() - startedMs) / 1000);
console.log(`${count} files, ${faults} faults, the slowest ${Math.round(slowestMs)} ms of CPU, ${seconds} s`);
process.exitCode = faults === 0 ? 0 : 1;
