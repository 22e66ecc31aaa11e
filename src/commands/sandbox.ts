import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import { log, step } from "../lib/log.ts";
import { buildPath } from "../lib/paths.ts";
import { builtArchives } from "../sandbox/library.ts";
import { attachSandbox, type Sandbox, startSandbox } from "../sandbox/sandbox.ts";

interface Options {
  readonly directory: string;
  readonly engine: string;
  readonly name: string;
  readonly image: string[];
  readonly end: boolean;
  readonly clean: boolean;
}

export function sandboxCommand(): Command {
  return new Command("sandbox")
    .description("run the engine in namespaces of this host, as root; again: restart it")
    .option("--directory <path>", "what it leaves: state, logs, scripts", buildPath("sandbox"))
    .option("--engine <path>", "folder of the engine's programs", buildPath("engine"))
    .option("--name <name>", "of the node", "sandbox")
    .option("--image <archive...>", "more container images", [])
    .option("--end", "end it, and start none", false)
    .option("--clean", "forget its state first", false)
    .argument("[flags...]", "flags of the engine, after --")
    .action(async (flags: string[], options: Options) => console.log(await runSandbox(flags, options)));
}

/** Returns what to print. */
async function runSandbox(flags: string[], { end, clean, ...options }: Options): Promise<string> {
  const directory = resolve(options.directory);
  const running = attachSandbox(directory);
  if (running !== undefined) await step("end the running sandbox", () => running.crash());
  if (clean) rmSync(directory, { recursive: true, force: true });
  if (end) return running === undefined ? "no sandbox is running" : "the sandbox has ended";
  await using sandbox = await startSandbox({
    directory,
    engine: resolve(options.engine),
    images: [...new Set([...builtArchives(), ...options.image.map((path) => resolve(path))])],
    flags,
    environment: {},
    name: options.name,
  });
  // One whose engine ended can be looked at, too.
  sandbox.detach();
  try {
    await step("engine ready", () => sandbox.waitForReady({ timeoutMs: 120_000 }));
  } catch (error) {
    log(describe(sandbox));
    throw error;
  }
  return describe(sandbox);
}

function describe(sandbox: Sandbox): string {
  const rows = [
    ["kubectl get pods -A", `${sandbox.path("kubectl")} get pods -A`],
    ["a shell on the node", sandbox.path("enter")],
    ["a command outside of it", `${sandbox.path("outside")} curl …`],
    ["log", sandbox.path("engineLog")],
  ] as const;
  return rows.map(([what, how]) => `${what.padEnd(24)} ${how}`).join("\n");
}
