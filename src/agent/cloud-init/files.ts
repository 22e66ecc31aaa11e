// The files of a NoCloud volume, from bytes to texts. Pure.
import type { Bytes } from "../host.ts";
import type { Sources } from "./load.ts";
import type { Problem } from "./problems.ts";
import { type Decoder, decodeSource, type Source } from "./source.ts";

export interface SourceFile {
  /** For problems: the name that the person knows it by. */
  readonly file: string;
  readonly content: Bytes;
}

/** By their names on the volume. */
export type SourceFiles = Readonly<Partial<Record<SourceName, SourceFile>>>;

export type SourceName = "user-data" | "vendor-data" | "meta-data" | "network-config";

const KEYS: Record<SourceName, keyof Sources> = {
  "user-data": "userData",
  "vendor-data": "vendorData",
  "meta-data": "metaData",
  "network-config": "networkConfig",
};

export interface Decoded {
  readonly sources: Sources;
  /** Of files that are no texts; loadConfig takes them along, so that nothing is done without them. */
  readonly problems: readonly Problem[];
}

export function decodeSources(files: SourceFiles, decoder: Decoder): Decoded {
  const sources: Partial<Record<keyof Sources, Source>> = {};
  const problems: Problem[] = [];
  for (const [name, key] of Object.entries(KEYS)) {
    const found = files[name as SourceName];
    if (found === undefined) continue;
    const decoded = decodeSource(found.file, found.content, decoder);
    if ("severity" in decoded) problems.push(decoded);
    else sources[key] = decoded;
  }
  return { sources, problems };
}
