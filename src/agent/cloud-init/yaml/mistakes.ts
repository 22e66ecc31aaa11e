// What people did who get an error of the parser, in words; never with what they wrote: it may be secret. Pure.
import type { YAMLError } from "yaml";

export interface Mistake {
  readonly offset: number;
  readonly message: string;
  readonly hint?: string | undefined;
}

type Words = Omit<Mistake, "offset">;

const CLOSE = "close it, or put the text that begins with it in quotes";
export const UNCLOSED: Words = { message: "not YAML: a [ or { without its ] or }", hint: CLOSE };
export const UNCLOSED_QUOTE: Words = {
  message: "not YAML: a quote without its end begins here",
  hint: CLOSE,
};
export const WRONG_ESCAPE: Words = {
  message: "not YAML: a \\ in double quotes that begins none of YAML's escapes",
  hint: "put the text in single quotes",
};

/** What is wrong besides follows from the cause. */
export function findMistakes(errors: readonly YAMLError[], text: string, unclosed?: Mistake): Mistake[] {
  const mistakes = errors.slice(0, MAX_MISTAKES).map((error) => mistakeOf(error, text, unclosed));
  const cause = mistakes.find(({ message }) => message.includes(WRONG_ITEM));
  return cause === undefined ? mistakes : [cause];
}

const MAX_MISTAKES = 5;

function mistakeOf(error: YAMLError, text: string, unclosed: Mistake | undefined): Mistake {
  if (unclosed !== undefined && ["MISSING_CHAR", "BAD_INDENT"].includes(error.code)) return unclosed;
  const [offset] = error.pos;
  return wrongItemAt(text, offset) ?? { offset, ...wordsFor(error) };
}

function wordsFor(error: YAMLError): Words {
  if (error.code === "BAD_INDENT" && error.message.startsWith("Flow")) return UNCLOSED;
  const { message, hint } = WORDS[error.code] ?? { message: ownWords(error) };
  return { message: `not YAML: ${message}`, hint };
}

/** What the parser quotes may be secret. */
function ownWords(error: YAMLError): string {
  const message = error.message.replace(/(?::|\bat\b|["'`]).*$/s, "").trim();
  return message.charAt(0).toLowerCase() + message.slice(1);
}

/** What people did who get this error; the parser's own words for the rest. */
const WORDS: Partial<Record<YAMLError["code"], Words>> = {
  TAB_AS_INDENT: { message: "a tab where there must be spaces", hint: "indent with spaces" },
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

/** The commonest mistake: a key that doesn't stand under the first one of its list's item. */
function wrongItemAt(text: string, offset: number): Mistake | undefined {
  const begin = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", offset);
  return wrongItem(text, begin) ?? (end < 0 ? undefined : wrongItem(text, end + 1));
}

/** Of the line that begins there. */
function wrongItem(text: string, begin: number): Mistake | undefined {
  const column = keyColumn(text, begin);
  if (column === undefined) return undefined;
  for (let at = begin; at > 0; ) {
    // Of the first line and a half there is no line above; and -1 counts as 0.
    at = at < 2 ? 0 : text.lastIndexOf("\n", at - 2) + 1;
    const [, before = "", dash] =
      /^([ ]{0,80})(-[ ]{1,8})[\w"'.-]{1,64}:(?:\s|$)/.exec(text.slice(at, at + 200)) ?? [];
    if (dash === undefined) {
      if (column > 0 && keyColumn(text, at) === 0) return undefined;
      continue;
    }
    const right = before.length + dash.length;
    if (column === right || column <= before.length) return undefined;
    const message = `not YAML: ${WRONG_ITEM}: its keys begin in column ${right + 1}, this one in column ${column + 1}`;
    const hint = "keys of one item stand in one column, that of the first key after its -";
    return { offset: begin + column, message, hint };
  }
  return undefined;
}

/** From 0; undefined when the line has no key. */
function keyColumn(text: string, begin: number): number | undefined {
  return /^([ ]{0,80})[\w"'.][\w"'.-]{0,64}:(?:\s|$)/.exec(text.slice(begin, begin + 200))?.[1]?.length;
}
