// Every regular expression that meets people's text: none takes longer than the text grows. Twice the text may take a quick
// one twice as long; one that tries each place anew takes four times, and a file of 256 KiB a minute.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const ROOT = new URL("../../src/agent/", import.meta.url).pathname;
const ROOMS = ["cloud-init", "network", "configuration"];
const SIZE = 8192;
/** Quick ones take a tenth of it; those that grow with the square, several times as long. */
const LIMIT_MS = 100;
const COMMON = [
  " ",
  "\n",
  "a",
  "0",
  "-",
  ".",
  ",",
  ":",
  "/",
  '"',
  "'",
  "=",
  "[",
  "(",
  "*",
  "a b",
  "a.",
  "-a ",
  " \n",
];

interface Found {
  readonly pattern: RegExp;
  readonly file: string;
}

function sourceFiles(): string[] {
  const names = ROOMS.flatMap((room) =>
    readdirSync(join(ROOT, room), { recursive: true, encoding: "utf8" }).map((name) => join(room, name)),
  );
  return names.filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts")).sort();
}

/** As they are written; what is made of parts is found when its module is loaded. */
function literals(file: string): Found[] {
  const found: Found[] = [];
  const visit = (node: ts.Node): void => {
    const [, source, flags] =
      (ts.isRegularExpressionLiteral(node) && /^\/(.*)\/([a-z]*)$/s.exec(node.text)) || [];
    if (source !== undefined) found.push({ pattern: new RegExp(source, flags), file });
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(join(ROOT, file), "utf8"), ts.ScriptTarget.ESNext));
  return found;
}

async function made(files: readonly string[]): Promise<Found[]> {
  const found: Found[] = [];
  const Original = RegExp;
  let current = "";
  globalThis.RegExp = new Proxy(Original, {
    construct(target, [source, flags]: [string, string?]) {
      const pattern = new target(source, flags);
      if (current !== "") found.push({ pattern, file: current });
      return pattern;
    },
  });
  try {
    for (const file of files) {
      current = file;
      const module = (await import(join(ROOT, file))) as { nodeConfig?: () => unknown };
      module.nodeConfig?.();
    }
  } finally {
    globalThis.RegExp = Original;
  }
  return found;
}

/** A text of the pattern's own words and characters, again and again, that takes it too long. */
function slowText({ pattern }: Found): { milliseconds: number; piece: string } | undefined {
  const words = (pattern.source.match(/[A-Za-z][A-Za-z-]{1,20}/g) ?? []).slice(0, 8);
  const own = new Set(pattern.source.replace(/\\./g, ""));
  const pieces = [...COMMON, ...own, ...words.flatMap((word) => [word, `${word} `, ` -${word}`, `${word}=`])];
  for (const piece of pieces) {
    for (const start of ["", "a", ...words.slice(0, 3).map((word) => `${word} `)]) {
      const text = `${start}${piece.repeat(SIZE / piece.length)}\u0001`;
      const milliseconds = timeOf(pattern, text);
      // A busy machine is no fault of the pattern: once more.
      if (milliseconds > LIMIT_MS && timeOf(pattern, text) > LIMIT_MS)
        return { milliseconds, piece: start + piece };
    }
  }
  return undefined;
}

function timeOf(pattern: RegExp, text: string): number {
  const startedMs = performance.now();
  pattern.lastIndex = 0;
  if (pattern.global) text.replace(pattern, "");
  else pattern.test(text);
  return performance.now() - startedMs;
}

test("no pattern takes long with a text that was made for it", { timeout: 300_000 }, async () => {
  const files = sourceFiles();
  const all = [...files.flatMap(literals), ...(await made(files))];
  expect(all.length).toBeGreaterThan(150);
  const slow = all.flatMap((found) => {
    const slow = slowText(found);
    if (slow === undefined) return [];
    return [
      `${found.file}: ${found.pattern} takes ${Math.round(slow.milliseconds)} ms with ${JSON.stringify(slow.piece)}`,
    ];
  });
  expect(slow).toEqual([]);
});
