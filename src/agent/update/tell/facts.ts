// What the machine knows of its systems and updates, for all who tell of it.
import type { Host } from "../../host.ts";
import { readKernelCommandLine } from "../../kernel-command-line.ts";
import { places } from "../../places.ts";
import { readBooks } from "../books.ts";
import { readBootRecord } from "../boot-record.ts";
import { readSystem } from "../box.ts";
import { isTold } from "../failure.ts";
import type { Facts } from "./standing.ts";

export function readFacts(host: Host): Facts {
  const { slot: running } = readKernelCommandLine(host);
  return {
    system: readSystem(host),
    books: readBooks(host),
    nowMs: host.now(),
    hasKeys: host.stat(places.updateKeys) !== undefined,
    ...(running === undefined ? {} : { running, ...readState(host) }),
  };
}

function readState(host: Host): Pick<Facts, "state" | "problem"> {
  try {
    const { state } = readBootRecord(host);
    return state === undefined ? {} : { state };
  } catch (error) {
    if (isTold(error)) return { problem: error.message };
    throw error;
  }
}
