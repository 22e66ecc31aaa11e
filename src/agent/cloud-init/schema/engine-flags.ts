// kubesolo.flags: words → the engine's settings, as it reads its command line: --name=value, --name value, --switch,
// --no-switch. Pure.
import * as v from "valibot";
import { nearestHint } from "../nearest.ts";
import { type EngineSetting, engineSettings, flagNames } from "./engine-settings.ts";
import { pairsIn, SWITCH } from "./engine-values.ts";
import { truth } from "./kinds.ts";

export interface EngineFlag {
  readonly setting: EngineSetting;
  readonly value: string;
}

export interface EngineFlags {
  readonly flags: readonly EngineFlag[];
  /** Never with a value: it may be secret. */
  readonly problems: readonly string[];
}

export function parseFlags(words: readonly string[]): EngineFlags {
  const flags: EngineFlag[] = [];
  const problems: string[] = [];
  for (let at = 0; at < words.length; ) {
    const { flag, problem, next } = parseFlag(words, at);
    if (flag !== undefined) flags.push(flag);
    if (problem !== undefined) problems.push(problem);
    at = next;
  }
  return { flags, problems };
}

interface ParsedFlag {
  readonly flag?: EngineFlag;
  readonly problem?: string | undefined;
  /** Where the next one begins. */
  readonly next: number;
}

function parseFlag(words: readonly string[], at: number): ParsedFlag {
  const [, name, , given] = /^--([a-z][a-z0-9-]*)(=(.*))?$/s.exec(words[at] as string) ?? [];
  if (name === undefined)
    return { problem: `word ${at + 1} isn't a flag: flags begin with --`, next: at + 1 };
  const setting = settingOf(name);
  const negated = name.startsWith("no-") ? settingOf(name.slice(3)) : undefined;
  if (given === undefined && setting !== undefined && isSwitch(setting))
    return { flag: { setting, value: "true" }, next: at + 1 };
  if (given === undefined && negated !== undefined && isSwitch(negated))
    return { flag: { setting: negated, value: "false" }, next: at + 1 };
  const following = words[at + 1]?.startsWith("--") ? undefined : words[at + 1];
  const value = given ?? following;
  const next = at + (given === undefined && following !== undefined ? 2 : 1);
  if (setting === undefined) return { problem: unknownFlag(name), next };
  if (value === undefined) return { problem: `--${name} needs a value`, next };
  const wrong = wrongValue(setting, value);
  return { flag: { setting, value }, problem: wrong && `--${name}: ${wrong}`, next };
}

function settingOf(flag: string): EngineSetting | undefined {
  return engineSettings().find((setting) => setting.flag === flag);
}

function isSwitch(setting: EngineSetting): boolean {
  return setting.value === truth;
}

function wrongValue(setting: EngineSetting, text: string): string | undefined {
  if (/\s/.test(text)) return "its value can have no spaces: flags are words of one line";
  if (isSwitch(setting)) return SWITCH.test(text) ? undefined : "must be true or false";
  const pairs = pairsIn(text);
  const readings = [
    text,
    ...(/^\d+$/.test(text) ? [Number(text)] : []),
    ...(pairs === undefined ? [] : [Object.fromEntries(pairs)]),
  ];
  if (text === "" || readings.some((reading) => v.is(setting.value, reading))) return undefined;
  const issue = v.safeParse(setting.value, readings[readings.length - 1]).issues?.[0];
  return issue?.type === "raw_check" ? issue.message : `must be ${issue?.message}`;
}

function unknownFlag(name: string): string {
  const hint = nearestHint(name, flagNames());
  return hint === undefined ? "a flag that the engine hasn't" : `the engine has no flag --${name}; ${hint}`;
}
