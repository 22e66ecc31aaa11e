import { rmSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { folderHost, makeDevice } from "../../../test/agent/device/folder-host.ts";
import { readBooks } from "./books.ts";

function read(text: string) {
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

test("damaged books cost the memory, and it is told", () => {
  expect(read("{")).toEqual({
    books: { quarantine: [], history: [] },
    printed: [expect.stringContaining("books.json is damaged")],
  });
});
