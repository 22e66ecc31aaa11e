// One `up`, `down` or `update` at a time. The lock names its holder, so that a dead one does not hold it for ever.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as v from "valibot";
import { errorCode, UserError } from "../lib/errors.ts";
import { findProcess, isRunning } from "../lib/process.ts";

const Holder = v.object({ pid: v.number(), startTicks: v.number() });

export function takeLock(path: string): Disposable {
  mkdirSync(dirname(path), { recursive: true });
  if (!tryTakeLock(path)) {
    const holder = readHolder(path);
    if (holder !== undefined && isRunning(holder))
      throw new UserError(`another \`make up\`, \`update\` or \`down\` is at work (pid ${holder.pid})`, {
        hint: `wait for it, or end it with Ctrl-C (\`kill ${holder.pid}\`)`,
      });
    rmSync(path, { force: true });
    if (!tryTakeLock(path)) throw new UserError("another `make up`, `update` or `down` has just started");
  }
  return { [Symbol.dispose]: () => rmSync(path, { force: true }) };
}

function tryTakeLock(path: string): boolean {
  try {
    writeFileSync(path, JSON.stringify(findProcess(process.pid)), { flag: "wx" });
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

/** Undefined for a lock that was cut short when it was written: its holder is dead. */
function readHolder(path: string): v.InferOutput<typeof Holder> | undefined {
  try {
    return v.parse(Holder, JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}
