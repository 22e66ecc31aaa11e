// All that is fuzzed.
import type { FuzzTarget } from "../fuzz-target.ts";
import { bootStateTarget, kernelWordsTarget } from "./boot.ts";
import { applyTarget, booksTarget, siteTarget } from "./commands.ts";
import { bundleTarget, channelTarget, keysTarget, minisignTarget, releaseTarget } from "./formats.ts";
import { textsTarget } from "./texts.ts";

export const fuzzTargets = {
  "boot-state": bootStateTarget,
  "kernel-words": kernelWordsTarget,
  release: releaseTarget,
  minisign: minisignTarget,
  keys: keysTarget,
  channel: channelTarget,
  bundle: bundleTarget,
  texts: textsTarget,
  apply: applyTarget,
  site: siteTarget,
  books: booksTarget,
} as const satisfies Readonly<Record<string, FuzzTarget>>;

export type FuzzTargetName = keyof typeof fuzzTargets;
export const fuzzTargetNames = Object.keys(fuzzTargets) as readonly FuzzTargetName[];
