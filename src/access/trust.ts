// Whether the CA that a box sent is the one that its console shows. Pure but for the question.
import { UserError } from "../lib/errors.ts";

export type Ask = (question: string) => Promise<boolean>;

/** Throws a UserError unless it is. `ask` is undefined where nobody can be asked. */
export async function checkFingerprint(
  sent: string,
  given: readonly (string | undefined)[],
  ask: Ask | undefined,
): Promise<void> {
  const expected = given.filter((each) => each !== undefined);
  const other = expected.find((each) => each !== sent);
  if (other !== undefined)
    throw new UserError(`the box's CA is another one: it is ${sent}, and not ${other}`, {
      hint: "compare with the box's console: either this isn't the box, or it was reset, or somebody is between you and it",
    });
  if (expected.length > 0) return;
  const line = `the box's CA is ${sent}`;
  if (ask === undefined)
    throw new UserError(`${line}, and nobody has said that it is the right one`, {
      hint: "give --fingerprint with what the box's console shows",
    });
  if (!(await ask(`${line}\nDoes the box's console show the same? [y/N] `)))
    throw new UserError("the CA isn't trusted: nothing was written");
}
