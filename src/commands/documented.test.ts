// Commands that documents show are there, with their options; targets of make, too. Of the pages about getting in, installing and
// developing each command is run by a test.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { folderHost } from "../../test/agent/device/folder-host.ts";
import { findCode, findCommand, listCommands, readCommands, testedPages } from "../../test/shown-commands.ts";
import { runAgent } from "../agent/main.ts";
import { repository } from "../lib/paths.ts";
import { makeProgram } from "./program.ts";

const docs = readdirSync(join(repository, "docs")).filter((name) => name.endsWith(".md"));
const pages = ["README.md", "CONTRIBUTING.md", ...docs.map((name) => `docs/${name}`)];

/** The words behind a program's name, of each place in all pages where somebody is shown to run it. */
function shown(name: RegExp): { where: string; words: string[] }[] {
  const start = new RegExp(`(?:^|[ (])${name.source} +([a-z].*)`);
  return pages.flatMap((page) =>
    linesOf(readFileSync(join(repository, page), "utf8")).flatMap((line) => {
      const found = start.exec(line)?.[1];
      if (found === undefined) return [];
      const [command = ""] = found.split(/ -- | #|[|<>;&)]/);
      return [{ where: `${page}: ${line}`, words: command.trim().split(/ +/) }];
    }),
  );
}

/** What the shell puts in, or a text, is a word of no meaning. */
function linesOf(text: string): string[] {
  const { lines, inline } = findCode(text);
  return [...lines, ...inline].map((line) => line.replace(/\$\([^)]*\)|"[^"]*"|…/g, "X"));
}

const optionsAmong = (words: readonly string[]) =>
  words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.replace(/=.*/, ""));

/** What of a command line this command doesn't know. */
function unknown(command: Command, [first = "", ...rest]: readonly string[]): string[] {
  const below = command.commands.find((each) => each.name() === first);
  if (below !== undefined) return unknown(below, rest);
  if (command.commands.length > 0) return [first];
  const known = command.options.flatMap(({ long, short }) => [long, short]);
  const usual = ["--help", "--verbose", "-v"];
  return optionsAmong([first, ...rest]).filter((word) => !known.includes(word) && !usual.includes(word));
}

test("kubesolo-os", () => {
  const program = makeProgram();
  const found = shown(/(?:bin\/)?kubesolo-os/);
  expect(found.length).toBeGreaterThan(50);
  const wrong = found.map(({ where, words }) => ({ where, unknown: unknown(program, words) }));
  expect(wrong.filter((each) => each.unknown.length > 0)).toEqual([]);
});

test("kubesolo-os-agent", () => {
  const found = shown(/kubesolo-os-agent/);
  expect(found.length).toBeGreaterThan(10);
  const wrong = found.map(({ where, words: [name = "", ...words] }) => {
    const host = folderHost("/nowhere");
    const code = runAgent(host, [name, "--help"], "1.0.0");
    const help = host.printed.join("\n");
    return {
      where,
      unknown: code === 0 ? optionsAmong(words).filter((word) => !help.includes(word)) : [name],
    };
  });
  expect(wrong.filter((each) => each.unknown.length > 0)).toEqual([]);
});

test("make", () => {
  const makefile = readFileSync(join(repository, "Makefile"), "utf8");
  const targets = [...makefile.matchAll(/^([a-z0-9-]+):/gm)].map(([, name]) => name);
  const found = shown(/make/);
  expect(found.length).toBeGreaterThan(50);
  expect(found.filter(({ words }) => !targets.includes(words[0]))).toEqual([]);
});

describe("each command is run by one test", () => {
  const tests = ["test", "src"]
    .flatMap((room) =>
      readdirSync(join(repository, room), { recursive: true, encoding: "utf8" }).map(
        (name) => `${room}/${name}`,
      ),
    )
    .filter((name) => /^test\/.*\.ts$|\.test\.ts$/.test(name) && !/shown-commands|documented/.test(name))
    .map((name) => readFileSync(join(repository, name), "utf8"));
  const claims = tests.flatMap((text) => [...text.matchAll(/shownCommand\((?:\s*"(\w+)",\s*"([^"\n]+)")?/g)]);

  test.each(testedPages)("of docs/%s.md", (page) => {
    const commands = readCommands(page);
    const claimed = claims
      .filter(([, of]) => of === page)
      .map(([, , beginning = ""]) => findCommand(commands, beginning) ?? `which? ${beginning}`);
    expect(claimed.toSorted()).toEqual(commands.toSorted());
  });

  test("which names it as it stands", () => {
    expect(claims.filter(([, of]) => of === undefined)).toEqual([]);
  });

  test("whether it is a line of a block or stands between backticks", () => {
    const page = `
\`\`\`sh
ls  a \\
  b   # looks
# nothing
ls c
\`\`\`
\`kubectl get nodes\` and \`ls c\` and \`kubectl\`, [\`make up\`](there), \`make check\`
\`\`\`yaml
\`make test\`
\`\`\`
`;
    expect(listCommands(page)).toEqual(["ls  a b", "ls c", "kubectl get nodes", "make check"]);
  });

  test.each([
    ["the only one that begins so", "make d", "make dev-vm X"],
    ["that very one, though others begin so", "make", "make"],
    ["none of several", "make ", undefined],
    ["none where there is none", "ls", undefined],
  ])("which is %s", (_name, beginning, found) => {
    expect(findCommand(["make", "make dev-vm X", "make up"], beginning)).toBe(found);
  });
});
