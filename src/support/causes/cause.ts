// What a cause of trouble is, and what points at it. Pure.
import type { SupportPart } from "../../release/support-bundle.ts";

export interface Sign {
  readonly part: SupportPart;
  /** Of one line. */
  readonly line: RegExp;
  /** A later line that says it is over. */
  readonly over?: RegExp;
}

export interface Cause {
  readonly name: string;
  /** What is wrong, for a person who doesn't know the system. */
  readonly says: string;
  readonly do: string;
  /** Each is enough. */
  readonly signs: readonly Sign[];
}
