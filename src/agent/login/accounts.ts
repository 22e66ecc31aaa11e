// Accounts of a configuration → the files by which an image with SSH knows who may log in. Pure.
import type { Account } from "../cloud-init/actions.ts";
import { places } from "../places.ts";

/** Which name, of a user or a group, has which number. */
export type Numbers = Readonly<Record<string, number>>;

export interface Home {
  readonly path: string;
  readonly number: number;
  /** Lines of ~/.ssh/authorized_keys. */
  readonly keys: readonly string[];
}

export interface AccountFiles {
  readonly passwd: string;
  readonly group: string;
  readonly shadow: string;
  readonly homes: readonly Home[];
  readonly numbers: Numbers;
  /** Names that are the system's own. */
  readonly refused: readonly string[];
}

/** Of the image: what accounts are added to. */
export interface SystemAccounts {
  readonly passwd: string;
  readonly group: string;
  /** Who logs in as root. */
  readonly rootKeys: readonly string[];
}

type User = Omit<Account, "plainPassword">;

/** As on Debian, from here on are people's. */
const FIRST_NUMBER = 1000;
const ROOT = "root";
/** What shadow(5) has for a password that nobody has. */
const NO_PASSWORD = "*";

export function planAccounts(accounts: readonly User[], system: SystemAccounts, kept: Numbers): AccountFiles {
  const systemLines = linesOf(system.passwd).filter((line) => nameOf(line) !== ROOT);
  const own = new Set(systemLines.map(nameOf));
  const root = accounts.find(({ name }) => name === ROOT) ?? { name: ROOT, authorizedKeys: [], groups: [] };
  const people = accounts.filter(({ name }) => name !== ROOT && !own.has(name));
  const systemGroups = linesOf(system.group);
  const members = membersOf([root, ...people]);
  const known = new Set(systemGroups.map(nameOf));
  const newGroups = [...members.keys()].filter((name) => !known.has(name));
  const numbers = numbersOf([...people.map(({ name }) => name), ...newGroups], kept);
  const numberOf = (name: string) => (name === ROOT ? 0 : (numbers[name] ?? FIRST_NUMBER));
  const users = [root, ...people];
  const passwdLine = ({ name, shell }: User) =>
    [name, "x", numberOf(name), numberOf(name), name, homeOf(name), usableShell(shell)].join(":");
  // A user has a group of the same name, as elsewhere.
  const ownGroups = [...new Set([...people.map(({ name }) => name), ...newGroups])].filter(
    (name) => !known.has(name),
  );
  return {
    passwd: textOf([passwdLine(root), ...systemLines, ...people.map(passwdLine)]),
    group: textOf([
      ...systemGroups.map((line) => withMembers(line, members.get(nameOf(line)))),
      ...ownGroups.map((name) => withMembers(`${name}:x:${numberOf(name)}:`, members.get(name))),
    ]),
    shadow: textOf([
      ...users.map(({ name, passwordHash }) => `${name}:${passwordHash ?? NO_PASSWORD}:::::::`),
      ...[...own].map((name) => `${name}:${NO_PASSWORD}:::::::`),
    ]),
    homes: users.map(({ name, authorizedKeys }) => ({
      path: homeOf(name),
      number: numberOf(name),
      keys: [...new Set([...(name === ROOT ? system.rootKeys : []), ...authorizedKeys])],
    })),
    numbers,
    refused: accounts.map(({ name }) => name).filter((name) => own.has(name)),
  };
}

/** Those that are kept stay, also of who is gone: their files are still there. */
function numbersOf(names: readonly string[], kept: Numbers): Numbers {
  let next = Math.max(FIRST_NUMBER - 1, ...Object.values(kept));
  const added = [...new Set(names)]
    .filter((name) => !Object.hasOwn(kept, name))
    .map((name) => [name, ++next] as const);
  return { ...kept, ...Object.fromEntries(added) };
}

function membersOf(users: readonly User[]): Map<string, string[]> {
  const members = new Map<string, string[]>();
  for (const { name, groups } of users)
    for (const group of groups) if (group !== name) members.set(group, [...(members.get(group) ?? []), name]);
  return members;
}

/** The system has one shell, whatever people are used to elsewhere. */
function usableShell(shell = "/bin/sh"): string {
  return /\/(nologin|false)$/.test(shell) ? "/bin/false" : "/bin/sh";
}

function homeOf(name: string): string {
  return `${places.homes}/${name}`;
}

function withMembers(line: string, names: readonly string[] = []): string {
  const fields = line.split(":");
  const already = (fields[3] ?? "").split(",").filter((name) => name !== "");
  return [...fields.slice(0, 3), [...new Set([...already, ...names])].join(",")].join(":");
}

function nameOf(line: string): string {
  return line.split(":")[0] ?? "";
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
