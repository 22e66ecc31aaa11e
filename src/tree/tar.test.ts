import { expect, test } from "vitest";
import { writeTar } from "./tar.ts";
import { makeTree, textFile } from "./tree.ts";

test("a full disk is an error, not a crash", async () => {
  const tree = makeTree([
    textFile("a", "x".repeat(1 << 20)),
    textFile("b", "y".repeat(1 << 20)),
    textFile("c", ""),
  ]);
  await expect(writeTar(tree, "/dev/full", 0)).rejects.toThrow("ENOSPC");
});
