import { rmSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { folderHost, makeDevice } from "../../../test/agent/device/folder-host.ts";
import { readBooks } from "./books.ts";

function read(text: string | Uint8Array) {
  const root = makeDevice({ "/data/update/books.json": text });
  onTestFinished(() => rmSync(root, { recursive: true }));
  const host = folderHost(root);
  return { books: readBooks(host), printed: host.printed };
}

test("what a newer version wrote costs only what this one doesn't know", () => {
  const known = { atMs: 1, what: "failed", version: "1.1.0", slot: "B" };
  const { books, printed } = read(
    JSON.stringify({
      note: { step: "painted" },
      quarantine: ["1.1.0"],
      history: [known, { ...known, what: "painted" }],
      channels: 7,
      refused: [{ colour: "red" }],
      later: {},
    }),
  );
  expect(books).toEqual({ quarantine: ["1.1.0"], history: [known], refused: [] });
  expect(printed).toEqual([]);
});

test.each([
  ["half a file", "{"],
  [
    "a byte that has rotted",
    Uint8Array.from([...Buffer.from('{"quarantine":["'), 0xff, ...Buffer.from('"]}')]),
  ],
  ["more than is ever read", " ".repeat(1_048_577)],
])("damaged books cost the memory, and it is told: %s", (_name, text) => {
  expect(read(text)).toEqual({
    books: { quarantine: [], history: [] },
    printed: [expect.stringContaining("books.json is damaged")],
  });
});

test.each([1e300, 0.5, 8.64e15 + 2])("an event at %d ms is none: no date is so far away", (atMs) => {
  const event = { atMs, what: "failed", version: "1.1.0", slot: "B" };
  expect(read(JSON.stringify({ quarantine: [], history: [event] })).books.history).toEqual([]);
});
