// Runs one stage under BusyBox ash in a folder that stands for the device's root.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { sourcePath } from "../../src/lib/paths.ts";

export interface StageSetup {
  /** The kernel command line, as /proc/cmdline has it. */
  readonly cmdline?: string;
  /** Files on the device, by their path without the leading slash; programs are those that start with "#!". */
  readonly files?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Variables for fakes.sh: FAILING, FSCK_CODE, FSCK_SAYS, NOW. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface StageResult {
  readonly exitCode: number | null;
  readonly output: string;
  readonly messages: string[];
  /** What the fakes wrote down, a call a line. */
  readonly calls: string[];
  /** A file's text after the stage, or undefined. */
  readonly file: (path: string) => string | undefined;
}

export function runStage(stage: string, setup: StageSetup = {}): StageResult {
  return runScript(sourcePath("init", stage), stage, setup);
}

/** Runs a script of rootfs/usr/lib/kubesolo-os. */
export function runProgram(name: string, setup: StageSetup = {}): StageResult {
  const lib = { "usr/lib/kubesolo-os/lib.sh": readFileSync(sourcePath("init/lib.sh"), "utf8") };
  const files = { ...lib, ...setup.files };
  return runScript(sourcePath("rootfs/usr/lib/kubesolo-os", name), name, { ...setup, files });
}

function runScript(file: string, stage: string, setup: StageSetup): StageResult {
  const root = mkdtempSync(join(tmpdir(), "stage-"));
  try {
    const device = { "proc/cmdline": setup.cmdline ?? "", "proc/mounts": "", calls: "", ...setup.files };
    for (const [path, text] of Object.entries(device)) writeDeviceFile(join(root, path), text);
    const script = `STAGE=${stage}; . ${sourcePath("init/lib.sh")}; . ${sourcePath("test/init/fakes.sh")}
      read_cmdline; . ${file}`;
    const result = spawnSync("busybox", ["sh", "-c", script, stage, ...(setup.args ?? [])], {
      env: { PATH: process.env["PATH"], ROOT: root, ...setup.env },
      encoding: "utf8",
    });
    if (result.error !== undefined)
      throw new Error("the tests of the stages need busybox", { cause: result.error });
    const texts = new Map<string, string>();
    const read = (path: string) =>
      existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined;
    for (const path of WATCHED) {
      const text = read(path);
      if (text !== undefined) texts.set(path, text);
    }
    return {
      exitCode: result.status,
      output: result.stdout,
      messages: lines(result.stderr),
      calls: lines(read("calls") ?? ""),
      file: (path) => texts.get(path),
    };
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** The files that stages leave for others. */
const WATCHED = [
  "run/kubesolo-os/cmdline",
  "run/kubesolo-os/engine-flags",
  "run/kubesolo-os/boot.json",
  "run/hostname",
  "run/machine-id",
  "etc/kubesolo/machine-id",
];

function writeDeviceFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  if (text.startsWith("#!")) chmodSync(path, 0o755);
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
