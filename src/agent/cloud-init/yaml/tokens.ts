// Text → the parser's tokens, within bounded depth and number; and what the parser itself has no words for. Pure.
import { type CST, Lexer, Parser } from "yaml";
import { type Mistake, UNCLOSED, UNCLOSED_QUOTE, WRONG_ESCAPE } from "./mistakes.ts";

/** Nobody's configuration is that deep; a program's stack may not be much deeper. */
export const MAX_DEPTH = 40;
const MAX_LEXEMES = 60_000;

export interface Tokens {
  readonly tokens: readonly CST.Token[];
  /** Where a quote or bracket begins that has no end. */
  readonly unclosed?: Mistake | undefined;
  /** Why nothing more was read. */
  readonly refusal?: Mistake;
}

export function parseTokens(text: string): Tokens {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  const brackets: number[] = [];
  let unclosed: Mistake | undefined;
  let lexemes = 0;
  const refuse = (offset: number, message: string, hint?: string): Tokens => ({
    ...{ tokens, unclosed },
    refusal: { offset, message, hint },
  });
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > MAX_DEPTH) return refuse(parser.offset, `more than ${MAX_DEPTH} levels deep`);
    const start = parser.offset - lexeme.length;
    const first = lexeme.charAt(0);
    if (first === '"' || first === "'") {
      if (lexeme.length < 2 || !lexeme.endsWith(first)) unclosed ??= { offset: start, ...UNCLOSED_QUOTE };
      const wrongAt = first === '"' ? wrongEscape(lexeme) : undefined;
      if (wrongAt !== undefined) return refuse(start + wrongAt, WRONG_ESCAPE.message, WRONG_ESCAPE.hint);
    } else if (lexeme === "[" || lexeme === "{") brackets.push(start);
    else if (lexeme === "]" || lexeme === "}") brackets.pop();
    else if (lexeme === FLOW_ERROR && brackets[0] !== undefined)
      unclosed ??= { offset: brackets[0], ...UNCLOSED };
    if (++lexemes > MAX_LEXEMES) return refuse(parser.offset, "too many values for a configuration");
  }
  for (const token of parser.end()) tokens.push(token);
  return { tokens, unclosed };
}

/** Text that the lexer puts where a bracket should have been closed. */
const FLOW_ERROR = "\u0018";

/** Where the first wrong escape of a text in double quotes is. The parser would make an error of each, at length. */
function wrongEscape(lexeme: string): number | undefined {
  for (let at = lexeme.indexOf("\\"); at >= 0; at = lexeme.indexOf("\\", at + 2)) {
    if (!ESCAPE.test(lexeme.slice(at + 1, at + 10))) return at;
  }
  return undefined;
}

/** YAML 1.1, 5.6: what may follow the backslash. */
const ESCAPE = /^(?:[0abtnvfre"/\\N_LP \t\r\n]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/;
