// For PyYAML text in quotes or brackets may go on in column 1; for the parser here it must be indented. Pure.

export interface Indented {
  readonly text: string;
  /** Of a place in it, in the text as it was given. */
  readonly originalOffset: (offset: number) => number;
}

/** `starts`: of the lines that are indented, in their order. */
export function indentLines(original: string, starts: readonly number[], columns: number): Indented {
  if (starts.length === 0) return { text: original, originalOffset: (offset) => offset };
  const parts = [0, ...starts].map((start, index) => original.slice(start, starts[index]));
  return {
    text: parts.join(" ".repeat(columns)),
    originalOffset: (offset) =>
      starts.reduce((rest, start) => (rest > start ? Math.max(start, rest - columns) : rest), offset),
  };
}

/** Where the next line begins that has something in column 1; undefined when the document ends before. */
export function nextFlushLine(text: string, from: number): number | undefined {
  for (let end = text.indexOf("\n", from); end >= 0; end = text.indexOf("\n", end + 1)) {
    const next = text.slice(end + 1, end + 5);
    if (/^(?:---|\.\.\.)(?:\s|$)/.test(next)) return undefined;
    if (/^[^\s#]/.test(next)) return end + 1;
  }
  return undefined;
}
