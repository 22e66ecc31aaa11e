import { expect, test } from "vitest";
import type { Books } from "./books.ts";
import { withRefusal } from "./refused.ts";

const none: Books = { quarantine: [], history: [] };
const refuse = (books: Books, source: string, atMs: number, why = "it isn't signed") =>
  withRefusal(books, { source, why, atMs });

test("the same refusal is one row, with how often and when last", () => {
  const twice = refuse(refuse(refuse(none, "/a.tar", 1), "/b.tar", 2), "/a.tar", 3);
  expect(twice.refused).toEqual([
    { source: "/b.tar", why: "it isn't signed", atMs: 2, times: 1 },
    { source: "/a.tar", why: "it isn't signed", atMs: 3, times: 2 },
  ]);
});

test("however many there are and however long, the newest are kept, cut short", () => {
  let books = none;
  for (let count = 0; count < 1000; count++)
    books = refuse(books, `http://x/${count}`, count, "y".repeat(10_000));
  expect(books.refused).toHaveLength(20);
  expect(books.refused?.at(-1)).toMatchObject({ source: "http://x/999", why: "y".repeat(500) });
});
