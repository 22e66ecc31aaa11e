// What a command of the agent is, and how its command line is read. Pure.
import arg from "arg";
import type { ExitCode } from "./exit-code.ts";
import type { Host } from "./host.ts";

export interface AgentCommand {
  readonly description: string;
  /** The words that it takes besides options, such as "check|explain FILE..."; "" for none. */
  readonly usage: string;
  /** Its switches, such as "--json", and what each does. */
  readonly options?: Readonly<Record<string, string>>;
  readonly run: (host: Host, line: CommandLine) => Outcome;
}

export interface CommandLine {
  readonly words: readonly string[];
  readonly options: ReadonlySet<string>;
}

/** A command line that can't be meant, and why: the person is told how to use the command. */
export interface Mistake {
  readonly mistake: string;
}

export type Outcome = ExitCode | Mistake;

export function parseCommandLine(
  { usage, options = {} }: AgentCommand,
  args: readonly string[],
): CommandLine | Mistake {
  try {
    const switches = Object.fromEntries(Object.keys(options).map((name) => [name, Boolean]));
    const { _: words, ...given } = arg(switches, { argv: [...args] });
    if (usage === "" && words.length > 0) return { mistake: `unexpected "${words[0]}"` };
    return { words, options: new Set(Object.keys(given)) };
  } catch (error) {
    if (error instanceof arg.ArgError) return { mistake: error.message };
    throw error;
  }
}

/** For a person who asks about one command. */
export function commandHelp(name: string, { usage, description, options = {} }: AgentCommand): string {
  const words = ["usage: kubesolo-os-agent", name, ...Object.keys(options).map((each) => `[${each}]`), usage];
  const rows = Object.entries(options).map(([option, does]) => `  ${option.padEnd(18)} ${does}`);
  return [words.filter((word) => word !== "").join(" "), "", description, ...rows].join("\n");
}
