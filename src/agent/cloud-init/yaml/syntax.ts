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
  /** Of what the tree says in the text as it was given. */
  readonly originalOffset: (offset: number) => number;
  readonly sizeCharacters: number;
  /** The last line has something in it, and no end. */
  readonly endsInLine: boolean;
}

export function parseSyntax(file: string, text: string, maySeveral = false): Syntax | Problem[] {
  const { result, openAt } = parseIndented(file, text, maySeveral, []);
  if (openAt === undefined || text.length > MAX_INDENTED) return result;
  // For PyYAML text in quotes or brackets may go on in column 1; for the parser here it must be indented.
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
const INDENT = " ".repeat(MAX_DEPTH);

function nextFlushLine(text: string, from: number): number | undefined {
  for (let end = text.indexOf("\n", from); end >= 0; end = text.indexOf("\n", end + 1)) {
    const next = text.slice(end + 1, end + 5);
    if (/^(?:---|\.\.\.)(?:\s|$)/.test(next)) return undefined;
    if (/^[^\s#]/.test(next)) return end + 1;
  }
  return undefined;
}

/** `starts`: of lines that are indented first; places are those of the text as it is. `openAt`: of what is never closed. */
function parseIndented(
  file: string,
  original: string,
  maySeveral: boolean,
  starts: readonly number[],
): { result: Syntax | Problem[]; openAt?: number } {
  const parts = [0, ...starts].map((start, index) => original.slice(start, starts[index]));
  const text = parts.join(INDENT);
  const originalOffset = (offset: number) =>
    starts.reduce((rest, start) => (rest > start ? Math.max(start, rest - INDENT.length) : rest), offset);
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let end = original.indexOf("\n"); end >= 0; end = original.indexOf("\n", end + 1))
    lines.addNewLine(end + 1);
  const placeOf = (offset: number): Position => {
    const { line, col } = lines.linePos(Math.min(originalOffset(offset), original.length));
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  let unclosed: { offset: number; message: string } | undefined;
  const result = parse();
  return {
    result,
    ...(Array.isArray(result) && unclosed !== undefined && { openAt: originalOffset(unclosed.offset) }),
  };

  function parse(): Syntax | Problem[] {
    const refuse = (offset: number, message: string, hint?: string): Problem[] => [
      { severity: "error", ...placeOf(offset), path: "", message, ...(hint !== undefined && { hint }) },
    ];

    const parser = new Parser();
    const tokens = [];
    let lexemes = 0;
    const brackets: number[] = [];
    for (const lexeme of new Lexer().lex(text)) {
      for (const token of parser.next(lexeme)) tokens.push(token);
      if (parser.stack.length > MAX_DEPTH) return refuse(parser.offset, `more than ${MAX_DEPTH} levels deep`);
      if (/^["']/.test(lexeme)) {
        const isClosed = lexeme.length > 1 && lexeme.endsWith(lexeme.charAt(0));
        if (!isClosed) unclosed ??= { offset: parser.offset - lexeme.length, message: UNCLOSED_QUOTE };
      } else if (lexeme === "[" || lexeme === "{") brackets.push(parser.offset - 1);
      else if (lexeme === "]" || lexeme === "}") brackets.pop();
      else if (lexeme === FLOW_ERROR && brackets[0] !== undefined)
        unclosed ??= { offset: brackets[0], message: UNCLOSED.message };
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
    if (errors.length > 0) {
      const problems = errors.slice(0, MAX_SYNTAX_PROBLEMS).flatMap((error) => describe(error));
      // What is wrong besides follows from it.
      const cause = problems.find(({ message }) => message.includes(WRONG_ITEM));
      return cause === undefined ? problems : [cause];
    }
    const second = documents[1];
    if (second !== undefined && !maySeveral) {
      return refuse(
        second.range[0],
        "a second document begins here",
        "one file is one document: remove the ---",
      );
    }
    const roots = documents.map(({ contents }) => contents);
    return {
      root: roots[0] ?? null,
      roots,
      placeOf,
      originalOffset,
      sizeCharacters: text.length,
      endsInLine: /\S$/.test(text.slice(-1)),
    };

    function describe(error: YAMLError): Problem[] {
      if (unclosed !== undefined && ["MISSING_CHAR", "BAD_INDENT"].includes(error.code))
        return refuse(unclosed.offset, `not YAML: ${unclosed.message}`, UNCLOSED.hint);
      const item = itemWords(text, error.pos[0]);
      if (item !== undefined) return refuse(item.offset, `not YAML: ${item.message}`, item.hint);
      const { message, hint } = words(error);
      return refuse(error.pos[0], `not YAML: ${message}`, hint);
    }
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

/** Text that the lexer puts where a bracket should have been closed. */
const FLOW_ERROR = "\u0018";
const UNCLOSED_QUOTE = "a quote without its end begins here";
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

const WRONG_ITEM = "wrong indentation in a list item";

interface WrongItem {
  readonly offset: number;
  readonly message: string;
  readonly hint: string;
}

/** The commonest mistake: a key that doesn't stand under the first one of its list's item. */
function itemWords(text: string, offset: number): WrongItem | undefined {
  const begin = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", offset);
  return wrongItem(text, begin) ?? (end < 0 ? undefined : wrongItem(text, end + 1));
}

/** Of the line that begins there. */
function wrongItem(text: string, begin: number): WrongItem | undefined {
  const column = keyColumn(text, begin);
  if (column === undefined) return undefined;
  for (let at = begin; at > 0; ) {
    at = text.lastIndexOf("\n", at - 2) + 1;
    const [, before = "", dash] =
      /^([ ]{0,80})(-[ ]{1,8})[\w"'.-]{1,64}:(?:\s|$)/.exec(text.slice(at, at + 200)) ?? [];
    if (dash === undefined) {
      const other = keyColumn(text, at);
      if (other !== undefined && other < column && other === 0) return undefined;
      continue;
    }
    const right = before.length + dash.length;
    if (column === right || column <= before.length) return undefined;
    const message = `${WRONG_ITEM}: its keys begin in column ${right + 1}, this one in column ${column + 1}`;
    const hint = "keys of one item stand in one column, that of the first key after its -";
    return { offset: begin + column, message, hint };
  }
  return undefined;
}

/** From 0; undefined when the line has no key. */
function keyColumn(text: string, begin: number): number | undefined {
  return /^([ ]{0,80})[\w"'.][\w"'.-]{0,64}:(?:\s|$)/.exec(text.slice(begin, begin + 200))?.[1]?.length;
}

function words(error: YAMLError): { message: string; hint?: string } {
  if (error.code === "BAD_INDENT" && error.message.startsWith("Flow")) return UNCLOSED;
  const known = WORDS[error.code];
  if (known !== undefined) return known;
  // What the parser quotes may be secret.
  const message = error.message.replace(/(?::|\bat\b|["'`]).*$/s, "").trim();
  return { message: message.charAt(0).toLowerCase() + message.slice(1) };
}
