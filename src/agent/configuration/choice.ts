// Which configuration counts: the one that was found, the last good one, or none. Pure.
import type { Decision } from "../cloud-init/actions.ts";
import { places } from "../places.ts";
import type { Kept } from "./sources/kept.ts";
import type { Found, Source } from "./sources/source.ts";

/** Texts as a decision; without one, the errors say why. Secrets are masked in both. */
export interface Loaded {
  readonly decision?: Decision;
  /** The texts as they may be kept: without passwords in plain text. As they were given when absent. */
  readonly sources?: readonly Source[];
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

export type Load = (sources: readonly Source[]) => Loaded;

export interface Choice {
  readonly uses: "found" | "last good" | "defaults";
  readonly origin: string;
  /** Not there any more, or not where it was asked for: the copy on the data partition counts. */
  readonly isKept: boolean;
  readonly sources: readonly Source[];
  readonly decision?: Decision;
  /** Why others don't count. */
  readonly refusals: readonly string[];
  readonly warnings: readonly string[];
}

export function chooseConfiguration(found: Found | undefined, kept: Kept | undefined, load: Load): Choice {
  if (found === undefined) return defaults([]);
  const { warnings: left = [] } = found;
  const loaded = found.problems.length > 0 ? { errors: found.problems, warnings: [] } : load(found.sources);
  if ("decision" in loaded && loaded.decision !== undefined && loaded.errors.length === 0)
    return {
      uses: "found",
      ...textsOf(found, loaded),
      isKept: found.place === "kept copy" && found.origin !== places.keptUserData,
      decision: loaded.decision,
      refusals: [],
      warnings: [...left, ...loaded.warnings],
    };

  if (kept === undefined) return defaults(loaded.errors);
  const last = load(kept.sources);
  if (last.decision === undefined)
    return defaults([
      ...loaded.errors,
      ...last.errors.map((error) => `the last good configuration: ${error}`),
    ]);
  return {
    uses: "last good",
    ...textsOf(kept, last),
    isKept: false,
    decision: last.decision,
    refusals: loaded.errors,
    warnings: [...left, ...last.warnings],
  };
}

function textsOf({ origin, sources }: Kept | Found, loaded: Loaded): Pick<Choice, "origin" | "sources"> {
  return { origin, sources: loaded.sources ?? sources };
}

function defaults(refusals: readonly string[]): Choice {
  return {
    uses: "defaults",
    origin: "built-in defaults",
    isKept: false,
    sources: [],
    refusals,
    warnings: [],
  };
}
