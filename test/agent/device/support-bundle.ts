// For tests: a device in a folder that makes a support bundle with the agent's own code.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { Decision } from "../../../src/agent/cloud-init/actions.ts";
import { loadConfig } from "../../../src/agent/cloud-init/load.ts";
import type { Report } from "../../../src/agent/configuration/report.ts";
import { runAgent } from "../../../src/agent/main.ts";
import { nodeDecoder } from "../../../src/image/baked/node-decoder.ts";
import { readSupportBundle, type SupportBundle } from "../../../src/support/bundle.ts";
import { folderHost, makeDevice, type World } from "./folder-host.ts";

export { readSupportBundle };

export interface Sick {
  /** By their paths on the device. */
  readonly files?: Readonly<Record<string, string>>;
  /** Links, and where they lead. */
  readonly links?: Readonly<Record<string, string>>;
  /** What programs print, by the beginning of their command lines. */
  readonly programs?: Readonly<
    Record<string, string | { exitCode: number; stdout?: string; stderr?: string }>
  >;
  readonly report?: Partial<Report>;
}

export const system: Record<string, string> = {
  "/proc/self/stat": "77 (agent) S\n",
  "/etc/os-release": 'VERSION_ID="1.2.3"\nVARIANT_ID=hardware\nKUBERNETES_VERSION=v1.37.0\n',
  "/run/hostname": "edge-7\n",
  "/run/kubesolo-os/cmdline": "kubesolo.version=1.2.3\n",
};

export const report: Report = {
  uses: "found",
  origin: "CIDATA (/dev/sda)",
  appliedMs: Date.UTC(2026, 0, 1),
  refusals: [],
  warnings: [],
  problems: [],
  isOnlineDone: true,
};

/** What a configuration comes to. Throws when it is no good one. */
export function decisionOf(configuration: unknown): Decision {
  const text = `#cloud-config\n${JSON.stringify(configuration)}`;
  const { decision, problems } = loadConfig(
    { "user-data": { file: "user-data", text } },
    { decoder: nodeDecoder },
  );
  if (decision === undefined) throw new Error(problems.map(({ message }) => message).join("; "));
  return decision;
}

/** Of a device that is like this. */
export function supportBundleOf(sick: Sick): Promise<SupportBundle> {
  const { code, archive, printed } = makeSupportBundle(sick);
  if (code !== 0) throw new Error(printed.join("\n"));
  return readSupportBundle(archive);
}

/** The path of the archive on this host, what was printed, and the exit code. */
export function makeSupportBundle(
  { files = {}, links = {}, programs = {}, report: changed = {} }: Sick,
  args: string[] = [],
) {
  const all = {
    ...system,
    "/run/kubesolo-os/configuration.json": JSON.stringify({ ...report, ...changed }),
    ...files,
  };
  const root = makeDevice(all);
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    symlinkSync(target, join(root, path));
  }
  const run: World["run"] = (words, at) => {
    if (words[0] === "tar") return tar(words, at);
    const line = words.join(" ");
    const key = Object.keys(programs).find((each) => line.startsWith(each));
    const said = key === undefined ? undefined : programs[key];
    return typeof said === "string" ? { stdout: said } : said;
  };
  const host = folderHost(root, { run });
  const code = runAgent(host, ["support", ...args], "1.2.3");
  return {
    ...{ code, root, printed: host.printed, calls: host.calls },
    archive: join(root, args[0] ?? "/run/kubesolo-os/support.tar.gz"),
  };
}

export function tar(
  [program = "", how = "", file = "", option = "", place = "", folder = ""]: readonly string[],
  at: (path: string) => string,
) {
  const { status, stderr } = spawnSync(program, [how, at(file), option, at(place), folder], {
    encoding: "utf8",
  });
  return { exitCode: status ?? 1, stderr };
}
