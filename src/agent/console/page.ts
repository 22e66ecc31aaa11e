// The console's status as a page for a screen of 80 columns and 24 lines: the text, and beside it a QR code. Pure.

export const COLUMNS = 80;
/** One less than the screen has: the cursor stands below. */
const LINES = 23;
const GAP = 2;
/** Where values begin in the status. */
const INDENT = 13;

/** What somebody needs to get in, in one word: `kubesolo-os access kubeconfig --server` takes it. undefined: not known yet. */
export function accessLink(status: string): string | undefined {
  const address = /^ {2}API +(https:\/\/[0-9.]+:\d+)$/m.exec(status)?.[1];
  const fingerprint = /^ {2}CA +(SHA256:\S+)$/m.exec(status)?.[1];
  return address === undefined || fingerprint === undefined ? undefined : `${address}#${fingerprint}`;
}

/** The code stands beside the text if both fit, and else is left out: the text counts more. Its lines have the same length. */
export function layOut(status: string, code: readonly string[]): string {
  const width = COLUMNS - GAP - [...(code[0] ?? "")].length;
  const beside = wrap(status, width);
  const height = Math.max(beside.length, code.length);
  if (code.length === 0 || height > LINES) return `${wrap(status, COLUMNS).join("\n")}\n`;
  const rows = Array.from({ length: height }, (_, row) =>
    `${(beside[row] ?? "").padEnd(width + GAP)}${code[row] ?? ""}`.trimEnd(),
  );
  return `${rows.join("\n")}\n`;
}

/** Lines that are too long go on below their value. */
export function wrap(text: string, width: number): string[] {
  return text
    .trimEnd()
    .split("\n")
    .flatMap((line) => wrapLine(line, width));
}

function wrapLine(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const space = line.lastIndexOf(" ", width);
  // A word that is longer than the line is cut.
  const end = space > INDENT ? space : width;
  return [line.slice(0, end), ...wrapLine(" ".repeat(INDENT) + line.slice(end).trimStart(), width)];
}
