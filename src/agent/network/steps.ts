// What the network's plan comes to, as data.

export type Step =
  | { readonly do: "run"; readonly args: readonly string[] }
  /** Into a file of /sys or /proc. */
  | { readonly do: "write"; readonly path: string; readonly content: string }
  /** A file of our own, in memory. */
  | { readonly do: "note"; readonly path: string; readonly content: string };

export function run(args: readonly string[]): Step {
  return { do: "run", args };
}

export function write(path: string, content: string): Step {
  return { do: "write", path, content };
}

export function note(path: string, content: string): Step {
  return { do: "note", path, content };
}

/** How a step is told of. */
export function describeStep(step: Step): string {
  return step.do === "run" ? step.args.join(" ") : `${step.do} ${step.content.trim()} to ${step.path}`;
}
