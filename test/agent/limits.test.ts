// Files that are meant to take forever, or all memory: each is refused, or read, within a moment.
import { describe, expect, test } from "vitest";
import { loadConfig } from "../../src/agent/cloud-init/load.ts";
import { nodeDecoder } from "../../src/image/baked/node-decoder.ts";
import { readFiles, refusedFiles } from "./hostile.ts";

/** What takes a second on a quiet machine may take ten on a busy one; what grows with a square takes hours. */
const LIMIT_MS = 15_000;

describe.each([
  ["refused", refusedFiles, false],
  ["read", readFiles, true],
] as const)("a file is %s soon that", (_what, files, isRead) => {
  test.each(files)("%s", { timeout: 120_000 }, (_name, body) => {
    const startedMs = performance.now();
    const source = { file: "user-data", text: `#cloud-config\n${body}` };
    const { decision } = loadConfig({ "user-data": source }, { decoder: nodeDecoder });
    expect(decision !== undefined).toBe(isRead);
    expect(performance.now() - startedMs).toBeLessThan(LIMIT_MS);
  });
});
