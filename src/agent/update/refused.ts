// What was refused here: what, from where, and why. Kept in the books, so that somebody who tries again and again is seen, and
// can't fill the disk, nor push out what else happened.
import { attempt } from "../expected.ts";
import type { Host } from "../host.ts";
import { type Books, type Refused, readBooks, writeBooks } from "./books.ts";
import { UpdateFailure } from "./failure.ts";

/** So many are kept, the newest. */
const KEPT = 20;
const TEXT_MAX = 500;

/** Runs what may refuse a release, and notes it if it does. */
export function notingRefusals<T>(host: Host, source: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UpdateFailure) {
      const refusal = { source, why: error.message, atMs: host.now() };
      const problems = attempt("the refusal isn't noted", () => {
        writeBooks(host, withRefusal(readBooks(host), refusal));
        return [];
      });
      for (const problem of problems) host.print("stderr", problem);
    }
    throw error;
  }
}

/** The same refusal once more is counted, and no other row. Pure. */
export function withRefusal(books: Books, { source, why, atMs }: Omit<Refused, "times">): Books {
  const row = { source: source.slice(0, TEXT_MAX), why: why.slice(0, TEXT_MAX) };
  const isSame = (each: Refused) => each.source === row.source && each.why === row.why;
  const before = books.refused ?? [];
  const times = (before.find(isSame)?.times ?? 0) + 1;
  return {
    ...books,
    refused: [...before.filter((each) => !isSame(each)), { atMs, ...row, times }].slice(-KEPT),
  };
}
