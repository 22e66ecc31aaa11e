// Passwords in plain text, and where in their files they stand: what is kept of the files has hashes in their places. Pure.
import { type Located, locate } from "./located.ts";
import { isLocked, isRandom, passwordLines, passwordOf } from "./schema/passwords.ts";

/** One value of a file with one password in it, or a line each. */
export interface PlainText {
  readonly file: string;
  /** Where it is in the file's readable text: offsets of its first character, and of the one after it; -1: it can't be replaced. */
  readonly start: number;
  readonly end: number;
  readonly passwords: readonly string[];
  /** The value with other words for its passwords. */
  readonly rewritten: (wordFor: (password: string) => string) => string;
}

/** Of what nothing could be written in place of. */
const NOWHERE = [-1, -1] as const;

/** No password at all, as in shadow(5). */
export const NOBODYS = "!";

/** Of one file; its users' keys have underscores. */
export function findPlainPasswords(root: Located): PlainText[] {
  const users = [
    ...children(locate(root, ["users"])),
    at(root, "user"),
    at(root, "system_info", "default_user"),
  ];
  const changed = children(at(root, "chpasswd", "users"));
  const listed = at(root, "chpasswd", "list");
  const whole = [
    at(root, "password"),
    ...users.map((user) => at(user, "plain_text_passwd")),
    ...changed.map((user) => at(user, "password")),
  ];
  const byMistake = users.flatMap((user) =>
    [at(user, "passwd"), at(user, "hashed_passwd")].filter(
      (value) => value?.kind === "scalar" && !isLocked(String(value.value)),
    ),
  );
  const found = [
    ...whole.flatMap((value) => wholeOf(value, (password, wordFor) => wordFor(password))),
    ...byMistake.flatMap((value) => wholeOf(value, () => NOBODYS)),
    ...(listed?.kind === "list" ? listed.items : [listed]).flatMap(linesOf),
  ];
  // An alias stands for the same place.
  return [...new Map(found.map((each) => [each.start, each])).values()];
}

function wholeOf(
  value: Located | undefined,
  rewrite: (password: string, wordFor: (password: string) => string) => string,
): PlainText[] {
  if (value?.kind !== "scalar" || value.value === null) return [];
  const { text = "" } = passwordOf(String(value.value));
  if (text === "") return [];
  const [start, end] = value.range ?? NOWHERE;
  const { file } = value.at;
  return [{ file, start, end, passwords: [text], rewritten: (wordFor) => rewrite(text, wordFor) }];
}

function linesOf(value: Located | undefined): PlainText[] {
  if (value?.kind !== "scalar" || typeof value.value !== "string") return [];
  const lines = passwordLines(value.value);
  const isPlain = (text: string) => passwordOf(text).text !== undefined && text !== "" && !isRandom(text);
  const passwords = lines.map(([, text]) => text).filter(isPlain);
  if (passwords.length === 0) return [];
  const [start, end] = value.range ?? NOWHERE;
  const rewritten: PlainText["rewritten"] = (wordFor) =>
    lines.map(([name, text]) => `${name}:${isPlain(text) ? wordFor(text) : text}`).join("\n");
  return [{ file: value.at.file, start, end, passwords, rewritten }];
}

/** The file's text with other words for passwords, as YAML that says the same otherwise. */
export function rewriteText(
  text: string,
  places: readonly PlainText[],
  wordFor: (password: string) => string,
): string {
  const inOrder = [...places].sort((a, b) => b.start - a.start);
  return inOrder.reduce((rest, { start, end, rewritten }) => {
    const lineEnd = rest.slice(start, end).endsWith("\n") ? "\n" : "";
    return rest.slice(0, start) + JSON.stringify(rewritten(wordFor)) + lineEnd + rest.slice(end);
  }, text);
}

function at(root: Located | undefined, ...path: string[]): Located | undefined {
  let found = root;
  for (const key of path) found = found?.kind === "mapping" ? found.entries.get(key)?.value : undefined;
  return found;
}

function children(value: Located | undefined): Located[] {
  if (value?.kind === "list") return [...value.items];
  return value?.kind === "mapping" ? [...value.entries.values()].map((entry) => entry.value) : [];
}
