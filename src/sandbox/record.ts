// sandbox.json: what another process needs to find a sandbox that is running.
import { rmSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { readTextIfThere, replaceFile } from "../lib/files.ts";
import { SandboxOptionsSchema, sandboxFiles } from "./options.ts";

const Process = v.object({ pid: v.number(), startTicks: v.number() });

const SandboxRecordSchema = v.object({
  options: SandboxOptionsSchema,
  /** The sandbox's first process, by its pid on the host. */
  init: Process,
  engine: v.optional(Process),
  /** Where in engine.log the engine's last start begins. */
  logOffset: v.number(),
});

export type SandboxRecord = v.InferOutput<typeof SandboxRecordSchema>;

export function readSandboxRecord(directory: string): SandboxRecord | undefined {
  const text = readTextIfThere(join(directory, sandboxFiles.record));
  return text === undefined ? undefined : v.parse(SandboxRecordSchema, JSON.parse(text));
}

export function writeSandboxRecord(record: SandboxRecord): void {
  replaceFile(
    join(record.options.directory, sandboxFiles.record),
    `${JSON.stringify(record, undefined, 2)}\n`,
  );
}

export function removeSandboxRecord(directory: string): void {
  rmSync(join(directory, sandboxFiles.record), { force: true });
}
