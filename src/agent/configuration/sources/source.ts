// One text of a configuration, and all that was found in one place.

import type { SourceKind } from "../../cloud-init/source.ts";

export interface Source {
  readonly kind: SourceKind;
  /** For messages: where it lies, such as "CIDATA (/dev/sr0) user-data". */
  readonly name: string;
  readonly text: string;
}

/** Where a configuration came from. */
export type SourcePlace = "command line" | "volume" | "ESP" | "kept copy" | "image";

export interface Found {
  readonly place: SourcePlace;
  /** For people: "LABEL=CIDATA on /dev/sr0". */
  readonly origin: string;
  readonly sources: readonly Source[];
  /** Why what is there can't be used at all; nothing else was read then. */
  readonly problems: readonly string[];
  /** What lies there as if it were to count, and doesn't. */
  readonly warnings?: readonly string[];
}
