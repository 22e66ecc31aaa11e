// A QEMU machine as an object. Every wait has a limit and ends early when the kernel panics or QEMU dies.
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../lib/errors.ts";
import { isRunning } from "../lib/process.ts";
import { becomesTrue, type Limit } from "../lib/wait.ts";
import { Channel, type CommandResult, NoAnswer } from "./channel.ts";
import { ConsoleLog } from "./console.ts";
import { launchQemu } from "./launch.ts";
import type { MachineOptions } from "./machine-options.ts";
import {
  type MachineState,
  readMachineState,
  removeMachineState,
  writeMachineState,
} from "./machine-state.ts";
import { checkPortFree } from "./ports.ts";
import { machineFiles } from "./qemu-args.ts";
import { askQmp, Qmp } from "./qmp.ts";
import { trouble, waitOn, watch } from "./vigil.ts";

const commandLimit: Limit = { timeoutMs: 60_000 };

/** Powers a machine on. Disposing of the object ends it, unless `detach` was called. */
export async function startMachine(options: MachineOptions, memory?: string): Promise<Machine> {
  const machine = new Machine(options.directory);
  try {
    await machine.powerOn(options, memory);
  } catch (error) {
    await machine[Symbol.asyncDispose]();
    throw error;
  }
  return machine;
}

/** The machine that another process left running in this directory, if it still runs. */
export async function attachMachine(directory: string): Promise<Machine | undefined> {
  const state = await readMachineState(directory);
  return state !== undefined && isRunning(state.process) ? new Machine(directory, state) : undefined;
}

export class Machine {
  /** Holds everything about this machine; a host path. */
  readonly directory: string;
  #state: MachineState | undefined;
  /** What the serial console shows, since power-on or the last reset. */
  console: ConsoleLog;
  #channel: Channel;
  #isDetached = false;

  /** Use startMachine or attachMachine. */
  constructor(directory: string, state?: MachineState) {
    this.directory = directory;
    this.#state = state;
    this.console = new ConsoleLog(join(directory, machineFiles.consoleLog), state?.consoleOffset ?? 0);
    this.#channel = new Channel(join(directory, machineFiles.channel));
  }

  get options(): MachineOptions {
    return this.#power().options;
  }

  get pid(): number {
    return this.#power().process.pid;
  }

  get isRunning(): boolean {
    return this.#state !== undefined && isRunning(this.#state.process);
  }

  /**
   * Powers on; after `crash` or an exit, with the same options and disk as before. With the memory of a saved machine it
   * does not run yet: see saved-machine.ts.
   */
  async powerOn(options: MachineOptions = this.options, memory?: string): Promise<void> {
    const other = await attachMachine(this.directory);
    if (other !== undefined)
      throw new UserError(`a machine is running in "${this.directory}" (pid ${other.pid})`);
    for (const { hostPort } of options.forwards) await checkPortFree(hostPort, "choose another host port");
    await mkdir(this.directory, { recursive: true });
    const logPath = join(this.directory, machineFiles.consoleLog);
    const consoleOffset = await stat(logPath).then(
      (log) => log.size,
      () => 0,
    );
    this.#state = { options, consoleOffset, process: await launchQemu(options, memory) };
    this.console = new ConsoleLog(logPath, consoleOffset);
    await writeMachineState(this.#state);
    await waitOn(this, {
      what: () => "QEMU to start",
      timeoutMs: 15_000,
      attempt: () => askQmp(this.directory, "query-status").catch(() => undefined),
    });
  }

  /** Runs a command in the guest; returns its standard output. Any exit code but 0 throws. */
  async succeed(command: string, limit = commandLimit): Promise<string> {
    const result = await this.execute(command, limit);
    if (result.exitCode === 0) return result.stdout;
    throw new UserError(`in the guest: "${command}" ended with ${describe(result)}`);
  }

  /** Runs a command that must not succeed; returns what it printed on standard error. */
  async fail(command: string, limit = commandLimit): Promise<string> {
    const result = await this.execute(command, limit);
    if (result.exitCode !== 0) return result.stderr;
    throw new UserError(`in the guest: "${command}" should fail but ended with ${describe(result)}`);
  }

  /** Runs a command, whatever its exit code. Waits for a guest that is still booting. */
  execute(command: string, { timeoutMs }: Limit = commandLimit): Promise<CommandResult> {
    return watch(this, () => this.#channel.run(command, timeoutMs));
  }

  /** Runs a command again and again until it succeeds; a guest that does not answer counts as "not yet". */
  async until(command: string, limit: Limit): Promise<string> {
    let last = "it was not run";
    const attempt = async (remainingMs: number): Promise<CommandResult | undefined> => {
      const result = await this.#channel.run(command, Math.min(remainingMs, 60_000)).catch(noAnswer);
      last = result instanceof NoAnswer ? result.message : describe(result);
      return !(result instanceof NoAnswer) && result.exitCode === 0 ? result : undefined;
    };
    const what = () => `"${command}" to succeed; last: ${last}`;
    const result = await waitOn(this, { what, ...limit, attempt, everyMs: 1000 });
    return result.stdout;
  }

  /** Waits for text on the console since power-on or the last reset; returns the match. */
  waitForConsole(pattern: RegExp, limit: Limit): Promise<RegExpExecArray> {
    return waitOn(this, {
      what: () => `${pattern} on the console`,
      ...limit,
      attempt: () => pattern.exec(this.console.read()) ?? undefined,
    });
  }

  /** Writes what its screen shows to a file, a host path; the machine must have a screen. */
  async screenshot(path: string, format: "png" | "ppm"): Promise<void> {
    await askQmp(this.directory, "screendump", { filename: path, format });
  }

  /** Pulls the plug: nothing is flushed, nobody is told. */
  async crash(): Promise<void> {
    if (this.#state === undefined) return;
    this.#channel.close();
    if (this.isRunning) process.kill(this.pid, "SIGKILL");
    await this.#endsWithin(10_000);
    await removeMachineState(this.directory);
  }

  /** Presses the reset button. */
  async reset(): Promise<void> {
    this.console.skipToEnd();
    await askQmp(this.directory, "system_reset");
  }

  /** Asks the guest to reboot and waits until it answers again. */
  async reboot(limit: Limit): Promise<void> {
    const bootId = "cat /proc/sys/kernel/random/boot_id";
    const before = (await this.succeed(bootId)).trim();
    this.console.skipToEnd();
    await this.execute("reboot").catch(noAnswer); // may be gone before it answers
    await this.until(`test "$(${bootId})" != ${before}`, limit);
  }

  /** Presses the power button and waits; a guest that does not react within the limit is killed. */
  async shutdown({ timeoutMs }: Limit): Promise<"clean" | "killed"> {
    const deadline = Date.now() + timeoutMs;
    using qmp = await Qmp.open(this.directory).catch(() => undefined);
    if (qmp === undefined) {
      await this.crash(); // a QEMU that does not even listen
      return "killed";
    }
    // Again every few seconds: a guest that is still booting misses the first press.
    while (this.isRunning && Date.now() < deadline) {
      await qmp.command("system_powerdown").catch(() => {}); // it may be ending just now
      await this.#endsWithin(Math.min(10_000, deadline - Date.now()));
    }
    await this.crash();
    const isClean = qmp.events.some(({ name, reason }) => name === "SHUTDOWN" && reason === "guest-shutdown");
    return isClean ? "clean" : "killed";
  }

  /** Waits for QEMU to end by itself: the guest powered off. */
  async waitForExit({ timeoutMs }: Limit): Promise<void> {
    if (!(await this.#endsWithin(timeoutMs)))
      throw await trouble(this, `the machine still runs after ${timeoutMs / 1000} s`);
    this.#channel.close();
    await removeMachineState(this.directory);
  }

  /** Lets go of the machine: it runs on, and attachMachine finds it. */
  detach(): void {
    this.#isDetached = true;
    this.#channel.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isDetached) await this.crash();
  }

  #endsWithin(timeoutMs: number): Promise<boolean> {
    return becomesTrue(() => !this.isRunning, { timeoutMs, everyMs: 50 });
  }

  #power(): MachineState {
    if (this.#state === undefined) throw new Error("this machine was never powered on");
    return this.#state;
  }
}

function describe({ exitCode, stdout, stderr }: CommandResult): string {
  return `exit code ${exitCode}\n${(stderr.trim() || stdout.trim()).slice(-2000)}`;
}

function noAnswer(error: unknown): NoAnswer {
  if (error instanceof NoAnswer) return error;
  throw error;
}
