import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type Watched, waitForReady } from "./vigil.ts";

const folder = mkdtempSync(join(tmpdir(), "vigil-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("an engine's exit code is waited for: it is written a moment after the engine is gone", async () => {
  const ended: Watched = {
    isEngineRunning: false,
    engineLog: "its last words\n",
    path: (name) => join(folder, name),
  };
  const told = expect(waitForReady(ended, { timeoutMs: 1000 })).rejects.toThrow(
    /exit code 64\).*its last words/s,
  );
  setTimeout(() => writeFileSync(ended.path("exitCode"), "64\n"), 50);
  await told;
});
