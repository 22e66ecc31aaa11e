// Runs one script of init/ under BusyBox ash in a folder that stands for the device's root.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { sourcePath } from "../../src/lib/paths.ts";

export interface ScriptSetup {
  /** The kernel command line, as /proc/cmdline has it. */
  readonly cmdline?: string;
  /** Files on the device, by their path without the leading slash; programs are those that start with "#!". */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Symbolic links on the device: path to target. */
  readonly links?: Readonly<Record<string, string>>;
  /** The arguments of a service; a stage has none. */
  readonly args?: readonly string[];
  /** Shell commands to run afterwards: to try what a library has, say. */
  readonly after?: string;
  /** Variables for fakes.sh, which has their meaning. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface ScriptResult {
  readonly exitCode: number | null;
  readonly output: string;
  readonly messages: string[];
  /** What the fakes wrote down, a call a line. */
  readonly calls: string[];
  /** A file's text afterwards, or undefined. */
  readonly file: (path: string) => string | undefined;
}

/** Runs a stage, a service or a library, by its path below init/. */
export function runScript(path: string, setup: ScriptSetup = {}): ScriptResult {
  const root = mkdtempSync(join(tmpdir(), "stage-"));
  try {
    const device = { "proc/cmdline": setup.cmdline ?? "", "proc/mounts": "", calls: "", ...setup.files };
    for (const [path, text] of Object.entries(device)) writeDeviceFile(join(root, path), text);
    for (const [path, target] of Object.entries(setup.links ?? {})) linkOnDevice(join(root, path), target);
    const script = `STAGE=${basename(path, ".sh")}; . ${sourcePath("init/lib/base.sh")}; . ${sourcePath("test/init/fakes.sh")}
      read_cmdline; . ${sourcePath("init", path)}; ${setup.after ?? ":"}`;
    const result = spawnSync("busybox", ["sh", "-c", script, "sh", ...(setup.args ?? [])], {
      env: { PATH: process.env["PATH"], ROOT: root, LIB: sourcePath("init/lib"), ...setup.env },
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

/** The files that scripts leave for others. */
const WATCHED = [
  "run/kubesolo-os/cmdline",
  "run/kubesolo-os/engine-flags",
  "run/kubesolo-os/configuration.json",
  "run/kubesolo-os/configuration-status",
  "run/kubesolo-os/boot-disk",
  "run/kubesolo-os/boot.json",
  "run/kubesolo-os/hostname",
  "run/kubesolo-os/ntp-servers",
  "run/kubesolo-os/engine.state",
  "run/kubesolo-os/engine.wait",
  "run/kubesolo-os/engine.exit",
  "run/resolv.conf",
  "run/hostname",
  "run/slot/sha256sums",
  "var/log/kubesolo.log",
  "var/log/kubesolo.log.1",
  "data/clock",
  "dev/console",
  "dev/tty1",
  "sys/block/zram0/disksize",
  "run/machine-id",
  "etc/kubesolo/machine-id",
  "etc/kubesolo/ssh-host-key",
  "run/kubesolo-os/ssh-fingerprint",
];

function writeDeviceFile(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  if (typeof content === "string" && content.startsWith("#!")) chmodSync(path, 0o755);
}

function linkOnDevice(path: string, target: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
