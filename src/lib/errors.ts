// What may go wrong in a way the person at the keyboard can mend.

interface UserErrorOptions {
  /** What to do about it, one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** An expected failure: printed as a message and a hint, without a stack. Any other throw is a bug. */
export class UserError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, options: UserErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = "UserError";
    this.hint = options.hint;
  }
}

/** The text a person sees for an error: message, causes and hint for a UserError, the stack for a bug. */
export function describeError(error: unknown): string {
  if (!(error instanceof UserError)) {
    return `bug: ${error instanceof Error ? error.stack : String(error)}`;
  }
  const lines = [`error: ${error.message}`];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
    lines.push(`cause: ${cause.message}`);
  }
  if (error.hint !== undefined) lines.push(`hint:  ${error.hint}`);
  return lines.join("\n");
}

/** The `code` of a Node system error ("ENOENT"), or undefined for any other value. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
