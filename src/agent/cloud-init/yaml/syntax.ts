// Text → the parser's tree, within bounded depth, time and memory, or what is wrong with the text. Pure.
//
// The package's own schemas read words as YAML 1.2 or 1.1 have them, not as PyYAML does; so here every scalar stays
// text ("failsafe"), and values.ts gives it its meaning.
import { Composer, type CST, type Document, LineCounter, type Node } from "yaml";
import type { Position, Problem } from "../problems.ts";
import { indentLines, nextFlushLine } from "./flush-lines.ts";
import { findMistakes, type Mistake } from "./mistakes.ts";
import { MAX_DEPTH, parseTokens } from "./tokens.ts";

export interface Syntax {
  /** null: nothing but comments. */
  readonly root: Node | null;
  /** Of each document; more than one only where several may be. */
  readonly roots: readonly (Node | null)[];
  readonly placeOf: (offset: number) => Position;
  /** Of what the tree says in the text as it was given. */
  readonly originalOffset: (offset: number) => number;
  /** That the tree is of. */
  readonly text: string;
}

export function parseSyntax(file: string, text: string, maySeveral = false): Syntax | Problem[] {
  const { result, openAt } = parseIndented(file, text, maySeveral, []);
  if (openAt === undefined || text.length > MAX_INDENTED) return result;
  const starts: number[] = [];
  for (let from = openAt; starts.length < MAX_LINES_INDENTED; ) {
    const start = nextFlushLine(text, from);
    if (start === undefined) return result;
    starts.push(start);
    const again = parseIndented(file, text, maySeveral, starts);
    if (again.openAt === undefined) return Array.isArray(again.result) ? result : again.result;
    from = Math.max(start, again.openAt);
  }
  return result;
}

/** Each try reads all of it. */
const MAX_INDENTED = 64 * 1024;
const MAX_LINES_INDENTED = 24;

/** Places are those of the text as it is. `openAt`: of what is never closed. */
function parseIndented(
  file: string,
  original: string,
  maySeveral: boolean,
  starts: readonly number[],
): { result: Syntax | Problem[]; openAt?: number } {
  const { text, originalOffset } = indentLines(original, starts, MAX_DEPTH);
  const placeOf = placesIn(file, original, originalOffset);
  const { tokens, unclosed, refusal } = parseTokens(text);
  const documents = refusal === undefined ? compose(tokens, text.length) : [];
  const mistakes = refusal === undefined ? findProblems(documents, text, maySeveral, unclosed) : [refusal];
  if (mistakes.length > 0) {
    const result = mistakes.map(
      ({ offset, message, hint }): Problem => ({
        ...{ severity: "error", ...placeOf(offset), path: "", message },
        ...(hint !== undefined && { hint }),
      }),
    );
    return { result, ...(unclosed !== undefined && { openAt: originalOffset(unclosed.offset) }) };
  }
  const roots = documents.map(({ contents }) => contents as Node | null);
  const root = roots[0] ?? null;
  return { result: { root, roots, placeOf, originalOffset, text } };
}

function placesIn(file: string, text: string, originalOffset: (offset: number) => number) {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1)) lines.addNewLine(end + 1);
  return (offset: number): Position => {
    const { line, col } = lines.linePos(Math.min(originalOffset(offset), text.length));
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
}

function compose(tokens: readonly CST.Token[], sizeCharacters: number): Document.Parsed[] {
  const composer = new Composer({
    version: "1.1",
    schema: "failsafe",
    customTags: [],
    merge: false,
    resolveKnownTags: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  return [...composer.compose(tokens, true, sizeCharacters)] as Document.Parsed[];
}

function findProblems(
  documents: readonly Document.Parsed[],
  text: string,
  maySeveral: boolean,
  unclosed: Mistake | undefined,
): Mistake[] {
  const errors = documents.flatMap((document) => document.errors);
  if (errors.length > 0) return findMistakes(errors, text, unclosed);
  const second = documents[1];
  if (second === undefined || maySeveral) return [];
  const message = "a second document begins here";
  return [{ offset: second.range[0], message, hint: "one file is one document: remove the ---" }];
}
