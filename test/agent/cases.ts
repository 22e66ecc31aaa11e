// What a case folder holds, and what the configuration code makes of it.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SourceFiles } from "../../src/agent/cloud-init/files.ts";
import { reportOn } from "../../src/agent/cloud-init/verdict.ts";
import { nodeDecoder } from "../../src/image/baked/node-decoder.ts";

/** As the files hold them: undefined where there is none. */
export interface Outcome {
  readonly decision: string | undefined;
  readonly problems: string | undefined;
}

const NAMES = ["user-data", "vendor-data", "meta-data", "network-config"] as const;

export function readCase(folder: string): SourceFiles {
  const files = NAMES.filter((name) => existsSync(join(folder, name)));
  return Object.fromEntries(
    files.map((name) => [name, { file: name, content: readFileSync(join(folder, name)) }]),
  );
}

export function runInNode(files: SourceFiles): Outcome {
  const { stdout, stderr } = reportOn(files, nodeDecoder, "explain", { isJson: true });
  return { decision: stdout || undefined, problems: stderr || undefined };
}
