// The engine in namespaces of this host, as an object: a node in a second, without a virtual machine. It shares
// the host's kernel, so what depends on that is tested in src/vm.
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { UserError } from "../lib/errors.ts";
import { sha256 } from "../lib/files.ts";
import { isRunning } from "../lib/process.ts";
import { type RunOptions, type RunResult, run, runAnyExit } from "../lib/run.ts";
import { becomesTrue, type Limit } from "../lib/wait.ts";
import { adminKubeconfig } from "../release/engine.ts";
import { makeCgroups, readHierarchies, removeCgroups } from "./cgroups.ts";
import { waitForExitCode } from "./exit-code.ts";
import { launchEngine, launchInit } from "./launch.ts";
import { makeLibrary } from "./library.ts";
import { checkNodeName, type SandboxOptions, sandboxFiles } from "./options.ts";
import { type NamedProcess, readProcesses } from "./processes.ts";
import { readSandboxRecord, removeSandboxRecord, type SandboxRecord, writeSandboxRecord } from "./record.ts";
import { planScripts } from "./scripts.ts";
import { readUsage, type Usage } from "./usage.ts";
import { trouble, waitForEnd, waitForReady, waitOn } from "./vigil.ts";

/** Starts a node. Disposing of the object ends all of it, unless `detach` was called; state and logs stay. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  if (process.getuid?.() !== 0)
    throw new UserError("only root can start a sandbox: it makes namespaces and cgroups", {
      hint: "run it with sudo",
    });
  checkNodeName(options.name);
  const sandbox = new Sandbox(options);
  try {
    await sandbox.boot();
    await sandbox.startEngine();
  } catch (error) {
    await sandbox.crash();
    throw error;
  }
  return sandbox;
}

/** The sandbox that another process left running in this directory, if it still runs. */
export function attachSandbox(directory: string): Sandbox | undefined {
  const record = readSandboxRecord(directory);
  return record !== undefined && isRunning(record.init) ? new Sandbox(record.options, record) : undefined;
}

export class Sandbox {
  readonly options: SandboxOptions;
  #record: SandboxRecord | undefined;
  #isDetached = false;

  /** Use startSandbox or attachSandbox. */
  constructor(options: SandboxOptions, record?: SandboxRecord) {
    this.options = options;
    this.#record = record;
  }

  get isEngineRunning(): boolean {
    const engine = this.#record?.engine;
    return engine !== undefined && isRunning(engine);
  }

  /** The engine's pid on the host. */
  get enginePid(): number {
    const engine = this.#record?.engine;
    if (engine === undefined || !isRunning(engine)) throw trouble(this, "the engine is not running");
    return engine.pid;
  }

  /** Its name in every hierarchy. Two sandboxes of the same name are told apart by their directories. */
  get cgroup(): string {
    return `${basename(this.options.directory)}-${sha256(this.options.directory).slice(0, 8)}`;
  }

  /** Host path of a file in the sandbox's directory. */
  path(name: keyof typeof sandboxFiles): string {
    return join(this.options.directory, sandboxFiles[name]);
  }

  /** Host path of the admin's kubeconfig. Its server is reached from inside the sandbox only. */
  get kubeconfig(): string {
    return adminKubeconfig(this.path("state"));
  }

  /** What the engine has printed since its last start. */
  get engineLog(): string {
    return readFileSync(this.path("engineLog"))
      .subarray(this.#record?.logOffset ?? 0)
      .toString();
  }

  /** Makes namespaces, as a machine is powered on; after `crash` with the state that is there. No engine yet. */
  async boot(): Promise<void> {
    const { directory } = this.options;
    if (attachSandbox(directory) !== undefined)
      throw new UserError(`a sandbox is running in "${directory}"`, {
        hint: "end it first, or choose another",
      });
    mkdirSync(this.path("state"), { recursive: true });
    writeFileSync(this.path("engineLog"), "", { flag: "a" });
    await removeCgroups(this.cgroup);
    await makeLibrary(this.options);
    const cgroups = makeCgroups(this.cgroup);
    const init = await launchInit(this.options, cgroups);
    const scripts = planScripts({
      initPid: init.pid,
      cgroups: cgroups.map(({ leaf }) => leaf),
      enter: this.path("enter"),
      kubectl: [join(this.options.engine, "kubectl"), `--kubeconfig=${this.kubeconfig}`],
    });
    for (const name of ["enter", "outside", "kubectl"] as const)
      writeFileSync(this.path(name), scripts[name], { mode: 0o755 });
    this.#keep({ options: this.options, init, logOffset: 0 });
  }

  /** Starts the engine, for the first time or again. Pods that run keep running. */
  async startEngine(): Promise<void> {
    if (this.isEngineRunning) throw new Error("the engine is running already");
    const logOffset = statSync(this.path("engineLog")).size;
    this.#keep({ ...this.#booted(), logOffset });
    this.#keep({ ...this.#booted(), engine: await launchEngine(this.options) });
  }

  /** Waits for the engine's word that all of it is ready; returns the seconds that it says it took. */
  waitForReady(limit: Limit): Promise<number> {
    return waitForReady(this, limit);
  }

  /** Runs kubectl, which must succeed; returns its output. */
  kubectl(...args: string[]): Promise<string> {
    return run([this.path("kubectl"), ...args]);
  }

  /** Runs a program on the node, which must succeed; returns its output. Files are the host's but for what boot.sh changes. */
  run(args: readonly string[], options: RunOptions = {}): Promise<string> {
    return run([this.path("enter"), ...args], options);
  }

  /** Runs a program on the node, whatever its exit code. */
  runAnyExit(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    return runAnyExit([this.path("enter"), ...args], options);
  }

  /** Runs a program outside the node, in the network that its one cable leads to. */
  runOutside(args: readonly string[], options: RunOptions = {}): Promise<string> {
    return run([this.path("outside"), ...args], options);
  }

  /** Runs a program on the node again and again until it succeeds; returns its output. */
  async until(args: readonly string[], limit: Limit): Promise<string> {
    let last = "";
    return await waitOn(this, {
      what: () => `"${args.join(" ")}" to succeed; last: ${last}`,
      ...limit,
      attempt: async () => {
        const { exitCode, stdout, stderr } = await this.runAnyExit(args);
        last = stderr.trim() || stdout.trim();
        return exitCode === 0 ? stdout : undefined;
      },
      everyMs: 200,
    });
  }

  /** CPU time and memory of the engine's process. */
  usage(): Usage {
    return readUsage(this.enginePid);
  }

  /** All processes of the node: the engine, shims, what runs in pods. */
  processes(): NamedProcess[] {
    const hierarchy = readHierarchies()[0]?.path ?? "";
    return readProcesses(join(hierarchy, this.cgroup));
  }

  /** Asks the engine to end and waits; returns its exit code. Pods run on. */
  async stopEngine({ timeoutMs }: Limit): Promise<number> {
    process.kill(this.enginePid, "SIGTERM");
    await waitForEnd(this, { timeoutMs }, `the engine did not end within ${timeoutMs / 1000} s of SIGTERM`);
    return Number(await waitForExitCode(this.path("exitCode")));
  }

  /** As when the machine goes down: pods end, too. Returns the exit code. */
  async shutDown({ timeoutMs }: Limit): Promise<number> {
    process.kill(this.enginePid, "SIGPWR");
    await waitForEnd(this, { timeoutMs }, `the engine did not end within ${timeoutMs / 1000} s of SIGPWR`);
    return Number(await waitForExitCode(this.path("exitCode")));
  }

  /** Ends the engine at once, in the middle of whatever it does. Pods run on. */
  async killEngine(): Promise<void> {
    process.kill(this.enginePid, "SIGKILL");
    await waitForEnd(this, { timeoutMs: 10_000 }, "the engine survived SIGKILL");
    await waitForExitCode(this.path("exitCode")); // its namespace may keep the port for a moment longer than its process
  }

  /** Pulls the plug: every process of the node ends at once. State stays, and `boot` starts again from it. */
  async crash(): Promise<void> {
    const init = this.#record?.init;
    if (init !== undefined && isRunning(init)) {
      process.kill(init.pid, "SIGKILL");
      await becomesTrue(() => !isRunning(init), { timeoutMs: 60_000, everyMs: 10 });
    }
    await removeCgroups(this.cgroup);
    removeSandboxRecord(this.options.directory);
    this.#record = undefined;
  }

  /** Lets go of the sandbox: it runs on, and attachSandbox finds it. */
  detach(): void {
    this.#isDetached = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isDetached) await this.crash();
  }

  #booted(): SandboxRecord {
    if (this.#record === undefined) throw new Error("this sandbox was never booted");
    return this.#record;
  }

  #keep(record: SandboxRecord): void {
    this.#record = record;
    writeSandboxRecord(record);
  }
}
