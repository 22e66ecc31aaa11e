// Commands as pages of docs show them, for tests that run them word for word. That each has its test is held by
// src/commands/documented.test.ts.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../src/lib/paths.ts";

export const testedPages = ["access", "installing", "developing"] as const;
type Page = (typeof testedPages)[number];

/** What begins so between backticks is a command as a whole, of those that people type; a program's name alone isn't. */
const command = /^(?:(?:bin\/)?kubesolo-os(?:-agent)?|kubectl|make|openssl|ssh) ./;

/** The lines of a page's blocks of commands, and what stands between backticks elsewhere. */
export function findCode(text: string): { lines: string[]; inline: string[] } {
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block = ""]) =>
    block.replaceAll(/\\\n */g, "").split("\n"),
  );
  const inline = [...text.replace(/^```[\s\S]*?^```/gm, "").matchAll(/`([^`\n]+)`/g)];
  return { lines: blocks, inline: inline.map(([, code = ""]) => code) };
}

/** The commands of a page, each once. What is a link's text is shown where it leads. */
export function listCommands(text: string): string[] {
  const { lines, inline } = findCode(text.replace(/\[`[^`\n]+`\]/g, ""));
  const said = lines.map((line) => line.replace(/(^| +)#.*/, "")).filter((line) => line !== "");
  return [...new Set([...said, ...inline.filter((code) => command.test(code))])];
}

export function readCommands(page: Page): string[] {
  return listCommands(readFileSync(join(repository, `docs/${page}.md`), "utf8"));
}

/** That command, or the only one that begins so. */
export function findCommand(commands: readonly string[], beginning: string): string | undefined {
  if (commands.includes(beginning)) return beginning;
  const [found, ...more] = commands.filter((each) => each.startsWith(beginning));
  return more.length === 0 ? found : undefined;
}

/**
 * The command of docs/PAGE.md that begins so, to be run. `own`: what somebody puts in the place of the page's own names and addresses.
 * Page and beginning stand here as they are: by them the command is known as tested.
 */
export function shownCommand(
  page: Page,
  beginning: string,
  own: Readonly<Record<string, string>> = {},
): string {
  const found = findCommand(readCommands(page), beginning);
  if (found === undefined) throw new Error(`docs/${page}.md shows no or several commands: ${beginning}`);
  return Object.entries(own).reduce((line, [name, real]) => line.replaceAll(name, () => real), found);
}

/** `make test` hands these on to what it runs, and a make that knows it is within another says where it enters and leaves. */
const notWithinMake = "unset MAKEFLAGS MAKELEVEL MFLAGS";

/** The words that run lines in one shell, as a person does; `programs`: the words that programs of these names are there. */
export function inShell(
  lines: readonly string[],
  programs: Readonly<Record<string, readonly string[]>> = {},
): string[] {
  const functions = Object.entries(programs).map(([name, words]) => `${name}() { ${words.join(" ")} "$@"; }`);
  return ["sh", "-e", "-c", [notWithinMake, ...functions, ...lines].join("\n")];
}
