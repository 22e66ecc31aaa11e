// The files of a NoCloud volume, from bytes to texts. Pure.
import type { Bytes } from "../host.ts";
import type { Sources } from "./load.ts";
import type { Problem } from "./problems.ts";
import { type Decoder, decodeSource, SOURCE_KINDS, type SourceKind, type SourceText } from "./source.ts";

export interface SourceFile {
  /** For problems: the name that the person knows it by. */
  readonly file: string;
  readonly content: Bytes;
}

/** By their names on the volume. */
export type SourceFiles = Readonly<Partial<Record<SourceKind, SourceFile>>>;

export interface Decoded {
  readonly sources: Sources;
  /** Of files that are no texts; loadConfig takes them along, so that nothing is done without them. */
  readonly problems: readonly Problem[];
}

export function decodeSources(files: SourceFiles, decoder: Decoder): Decoded {
  const sources: Partial<Record<SourceKind, SourceText>> = {};
  const problems: Problem[] = [];
  for (const kind of SOURCE_KINDS) {
    const found = files[kind];
    if (found === undefined) continue;
    const decoded = decodeSource(found.file, found.content, decoder);
    if ("severity" in decoded) problems.push(decoded);
    else sources[kind] = decoded;
  }
  return { sources, problems };
}
