// What of the kernel command line the agent goes by. It reads what init took by its allow-list, one word a line.
import type { Slot } from "../release/boot-state.ts";
import { wordValue } from "../release/kernel-words.ts";
import { readIfThere } from "./expected.ts";
import type { Host } from "./host.ts";
import { places } from "./places.ts";

export interface KernelCommandLine {
  /** Where the node's configuration is, as it is written there. */
  readonly configuration?: string;
  /** It sets up the network. */
  readonly hasNetwork: boolean;
  /** 0: never. */
  readonly networkLimitSeconds?: number;
  /** GRUB has looked there already. */
  readonly isBootPartitionEmpty: boolean;
  /** Undefined where there are none: a CD, a boot server. */
  readonly slot?: Slot;
  /** Of the state of the boot that GRUB went by; undefined when none counted, or a person chose. */
  readonly generation?: number;
  readonly isOnTrial: boolean;
  /** Why it isn't the slot that was meant. */
  readonly reason?: string;
  /** Where to fail, for tests. */
  readonly fault?: string;
}

const MAX_BYTES = 64 * 1024;

export function readKernelCommandLine(host: Host): KernelCommandLine {
  return parseKernelCommandLine(readIfThere(host, places.commandLine, MAX_BYTES) ?? "");
}

export function parseKernelCommandLine(text: string): KernelCommandLine {
  const words = text.split("\n");
  const configuration = wordValue(words, "kubesolo.cloudinit");
  const limit = wordValue(words, "kubesolo.network_limit");
  const slot = wordValue(words, "kubesolo.slot");
  const generation = wordValue(words, "kubesolo.generation");
  const reason = wordValue(words, "kubesolo.reason");
  const fault = wordValue(words, "kubesolo.fault");
  return {
    ...(configuration ? { configuration } : {}),
    hasNetwork: wordValue(words, "ip") !== undefined,
    // Any other text is none: the configuration's counts, or the usual one.
    ...(limit !== undefined && /^\d{1,6}$/.test(limit) ? { networkLimitSeconds: Number(limit) } : {}),
    isBootPartitionEmpty: wordValue(words, "kubesolo.esp") === "empty",
    ...(slot === "A" || slot === "B" ? { slot } : {}),
    ...(generation !== undefined && /^\d{1,9}$/.test(generation) ? { generation: Number(generation) } : {}),
    isOnTrial: words.includes("kubesolo.trial"),
    ...(reason === undefined ? {} : { reason }),
    ...(fault === undefined ? {} : { fault }),
  };
}
