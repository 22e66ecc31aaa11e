// The rows in the device's runtime: the same Go program as the agent's, with the rows in the place of the agent.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildRowsProgram } from "./program.ts";
import { expectedOutcome, type Outcome } from "./row.ts";
import { type Servers, startServers } from "./servers.ts";
import { deviceRows } from "./table.ts";

const scratch = mkdtempSync(join(tmpdir(), "host-"));
let servers: Servers | undefined;
let ended: { code: number; stderr: string; outcomes: readonly Outcome[] };

beforeAll(async () => {
  servers = await startServers(scratch);
  const program = await buildRowsProgram(scratch);
  ended = await runProgram(program, { ...servers.world, folder: join(scratch, "folders") });
}, 600_000);

afterAll(() => {
  servers?.close();
  rmSync(scratch, { recursive: true });
});

function runProgram(program: string, world: object): Promise<typeof ended> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, [JSON.stringify(world)], (_error, stdout, stderr) => {
      const code = child.exitCode ?? -1;
      if (!stdout.startsWith("[")) reject(new Error(`the rows ended with ${code}: ${stderr}`));
      else resolve({ code, stderr, outcomes: JSON.parse(stdout) as Outcome[] });
    });
  });
}

test("the program ends with its exit code, and prints to each stream; the network's, too", () => {
  expect(ended).toMatchObject({ code: 7, stderr: "to stderr\npiece: 0 of 0 MB\n" });
  expect(ended.outcomes).toHaveLength(deviceRows.length);
});

test.each(deviceRows.map((row, index) => [row.name, row, index] as const))("%s", (_name, row, index) => {
  expect(ended.outcomes[index]).toEqual(expectedOutcome(row));
});
