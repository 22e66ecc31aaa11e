// Text → the parser's tree, within bounded depth, time and memory, or what is wrong with the text. Pure.
//
// The package's own schemas read words as YAML 1.2 or 1.1 have them, not as PyYAML does; so here every scalar stays
// text ("failsafe"), and values.ts gives it its meaning.
import { Composer, Lexer, LineCounter, type Node, Parser, type YAMLError } from "yaml";
import type { Position, Problem } from "../problems.ts";

/** Nobody's configuration is that deep; a program's stack may not be much deeper. */
const MAX_DEPTH = 40;
const MAX_LEXEMES = 60_000;
const MAX_SYNTAX_PROBLEMS = 5;

export interface Syntax {
  /** null: nothing but comments. */
  readonly root: Node | null;
  /** Of each document; more than one only where several may be. */
  readonly roots: readonly (Node | null)[];
  readonly placeOf: (offset: number) => Position;
}

export function parseSyntax(file: string, text: string, maySeveral = false): Syntax | Problem[] {
  const lines = new LineCounter();
  const placeOf = (offset: number): Position => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const refuse = (offset: number, message: string, hint?: string): Problem[] => [
    { severity: "error", ...placeOf(offset), path: "", message, ...(hint !== undefined && { hint }) },
  ];

  const parser = new Parser(lines.addNewLine);
  const tokens = [];
  let lexemes = 0;
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > MAX_DEPTH) return refuse(parser.offset, `more than ${MAX_DEPTH} levels deep`);
    const wrongAt = wrongEscape(lexeme);
    if (wrongAt !== undefined)
      return refuse(parser.offset - lexeme.length + wrongAt, WRONG_ESCAPE, "put the text in single quotes");
    if (++lexemes > MAX_LEXEMES) return refuse(parser.offset, "too many values for a configuration");
  }
  for (const token of parser.end()) tokens.push(token);

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
  const documents = [...composer.compose(tokens, true, text.length)];
  const errors = documents.flatMap((document) => document.errors);
  if (errors.length > 0) return errors.slice(0, MAX_SYNTAX_PROBLEMS).flatMap((error) => describe(error));
  const second = documents[1];
  if (second !== undefined && !maySeveral) {
    return refuse(
      second.range[0],
      "a second document begins here",
      "one file is one document: remove the ---",
    );
  }
  const roots = documents.map(({ contents }) => contents);
  return { root: roots[0] ?? null, roots, placeOf };

  function describe(error: YAMLError): Problem[] {
    const { message, hint } = words(error);
    return refuse(error.pos[0], `not YAML: ${message}`, hint);
  }
}

const WRONG_ESCAPE = "not YAML: a \\ in double quotes that begins none of YAML's escapes";

/** Where the first wrong escape of a text in double quotes is. The parser would make an error of each, at length. */
function wrongEscape(lexeme: string): number | undefined {
  if (!lexeme.startsWith('"')) return undefined;
  for (let at = lexeme.indexOf("\\"); at >= 0; at = lexeme.indexOf("\\", at + 2)) {
    if (!ESCAPE.test(lexeme.slice(at + 1, at + 10))) return at;
  }
  return undefined;
}

/** YAML 1.1, 5.6: what may follow the backslash. */
const ESCAPE = /^(?:[0abtnvfre"/\\N_LP \t\r\n]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/;

const UNCLOSED = {
  message: "a [ or { without its ] or }",
  hint: "close it, or put the text that begins with it in quotes",
};
const TABS = { message: "a tab where there must be spaces", hint: "indent with spaces" };

/** What people did who get this error; the parser's own words for the rest. */
const WORDS: Partial<Record<YAMLError["code"], { message: string; hint: string }>> = {
  TAB_AS_INDENT: TABS,
  BAD_INDENT: {
    message: "the indentation fits nothing above",
    hint: "keys of one mapping, and items of one list, stand in one column",
  },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'a second ": " on this line',
    hint: "put the value in quotes, or its keys on lines of their own",
  },
  MULTILINE_IMPLICIT_KEY: {
    message: "a key goes on over several lines",
    hint: 'is a ":" missing, or the space after it?',
  },
  MISSING_CHAR: {
    message: "a quote or bracket without its end",
    hint: "close it; text that goes on over several lines must be indented",
  },
  BAD_ALIAS: {
    message: "an alias (*) that can't be one",
    hint: "put text that begins with * or & in quotes",
  },
};

function words(error: YAMLError): { message: string; hint?: string } {
  if (error.code === "BAD_INDENT" && error.message.startsWith("Flow")) return UNCLOSED;
  const known = WORDS[error.code];
  if (known !== undefined) return known;
  return { message: error.message.charAt(0).toLowerCase() + error.message.slice(1) };
}
