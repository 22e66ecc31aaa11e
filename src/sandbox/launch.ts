// Starts a sandbox's processes so that they live on when this one ends.
import { closeSync, existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startDetached } from "../lib/detached.ts";
import { UserError } from "../lib/errors.ts";
import { sourcePath } from "../lib/paths.ts";
import { findProcess, isRunning, type ProcessId } from "../lib/process.ts";
import { becomesTrue, type Limit } from "../lib/wait.ts";
import type { Cgroup } from "./cgroups.ts";
import { type SandboxOptions, sandboxFiles } from "./options.ts";

/** Moves into the cgroups given, up to "--", then runs the rest. */
const IN_CGROUPS =
  'while [ "$1" != -- ]; do echo 0 >"$1/cgroup.procs" || exit 1; shift; done; shift; exec "$@"';
const inCgroups = (cgroups: readonly string[]) => ["sh", "-c", IN_CGROUPS, "sh", ...cgroups, "--"];

/** Runs the rest and keeps its exit code in the file given first. */
const KEEP_EXIT_CODE = 'file=$1; shift; "$@"; echo $? >"$file"';

const UNSHARE = ["unshare", "--mount", "--net", "--uts", "--ipc", "--pid", "--fork", "--kill-child"];

/** Starts the first process in fresh namespaces; returns when it has set them up. */
export async function launchInit(options: SandboxOptions, cgroups: readonly Cgroup[]): Promise<ProcessId> {
  const file = (name: keyof typeof sandboxFiles) => join(options.directory, sandboxFiles[name]);
  rmSync(file("booted"), { force: true });
  const boot = ["sh", sourcePath("src/sandbox/boot.sh"), options.directory, options.name];
  // The cgroup it is in when it gets its own view of them is the root of that view.
  const args = [
    ...inCgroups(cgroups.map(({ root }) => root)),
    ...["unshare", "--cgroup"],
    ...inCgroups(cgroups.map(({ leaf }) => leaf)),
    ...[...UNSHARE, "--mount-proc", ...boot],
  ];
  const parent = await startLogged(args, {
    log: file("bootLog"),
    flags: "w",
    environment: baseEnvironment(),
  });
  const limit = { timeoutMs: 30_000 };
  const isThere = () => existsSync(file("booted"));
  await becomesTrue(() => isThere() || !isRunning(parent), { ...limit, everyMs: 10 });
  if (!isThere())
    throw new UserError(`cannot start a sandbox:\n${readFileSync(file("bootLog"), "utf8").trim()}`, {
      hint: "it needs root, unshare and nsenter of util-linux 2.38, and ip of iproute2",
    });
  return waitForChild(parent, limit);
}

/** Starts the engine inside; returns its process as the host sees it. */
export async function launchEngine(options: SandboxOptions): Promise<ProcessId> {
  const file = (name: keyof typeof sandboxFiles) => join(options.directory, sandboxFiles[name]);
  rmSync(file("exitCode"), { force: true });
  const engine = [join(options.engine, "kubesolo"), `--path=${file("state")}`, ...options.flags];
  const shell = await startLogged(
    ["sh", "-c", KEEP_EXIT_CODE, "sh", file("exitCode"), file("enter"), ...engine],
    {
      log: file("engineLog"),
      flags: "a",
      environment: { ...baseEnvironment(), KUBESOLO_LIB: file("library"), ...options.environment },
    },
  );
  // The shell waits for nsenter, and that for the engine.
  const limit = { timeoutMs: 10_000 };
  return waitForChild(await waitForChild(shell, limit), limit);
}

/** As the device's: nothing of the caller's, such as proxies, gets in. */
function baseEnvironment(): Record<string, string> {
  return { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", HOME: "/root" };
}

/** Its first child; its own process, ended, when there is none: whoever looks at it finds that out, and why. */
async function waitForChild(parent: ProcessId, limit: Limit): Promise<ProcessId> {
  const child = () => findProcess(firstChild(parent.pid) ?? 0);
  await becomesTrue(() => child() !== undefined || !isRunning(parent), { ...limit, everyMs: 5 });
  return child() ?? { pid: parent.pid, startTicks: -1 };
}

function firstChild(pid: number): number | undefined {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return children === "" ? undefined : Number(children.split(" ")[0]);
  } catch {
    return undefined; // it ended while being read
  }
}

interface Logged {
  /** Host path of a file for what it prints. */
  readonly log: string;
  readonly flags: "a" | "w";
  readonly environment: Readonly<Record<string, string>>;
}

async function startLogged(args: readonly string[], { log, flags, environment }: Logged): Promise<ProcessId> {
  const output = openSync(log, flags);
  try {
    return await startDetached(args, { cwd: "/", output, environment });
  } finally {
    closeSync(output);
  }
}
