// Pure: what travels through the command channel. The guest's end is init/services/channel.
//   host → guest   ID LIMIT-SECONDS BASE64-COMMAND .
//   guest → host   ID EXIT-CODE BASE64-STDOUT BASE64-STDERR .     or     ready
// A line may be the rest of one cut by a disconnect: the full stop shows its end is whole, the id its beginning.

export interface Request {
  readonly id: string;
  readonly limitSeconds: number;
  readonly command: string;
}

export interface Answer {
  readonly is: "answer";
  readonly id: string;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `ready`: the guest's end has just (re)started, so whatever it was asked before is lost. */
export type GuestLine = Answer | { readonly is: "ready" } | { readonly is: "noise" };

/** The empty line first ends whatever an earlier host left half written. */
export function formatRequest({ id, limitSeconds, command }: Request): string {
  return `\n${id} ${limitSeconds} ${Buffer.from(command).toString("base64")} .\n`;
}

export function parseGuestLine(line: string): GuestLine {
  if (line === "ready") return { is: "ready" };
  const [id, exitCode, stdout, stderr, end, ...rest] = line.split(" ");
  if (id === undefined || stdout === undefined || stderr === undefined) return { is: "noise" };
  if (!/^\d{1,3}$/.test(exitCode ?? "") || end !== "." || rest.length > 0) return { is: "noise" };
  return { is: "answer", id, exitCode: Number(exitCode), stdout: decode(stdout), stderr: decode(stderr) };
}

/** Splits off the complete lines of a stream that arrives in pieces. */
export function splitLines(pieces: readonly string[]): { lines: string[]; rest: string } {
  const lines = pieces.join("").split("\n");
  const rest = lines.pop() ?? "";
  return { lines, rest };
}

function decode(base64: string): string {
  return Buffer.from(base64, "base64").toString();
}
