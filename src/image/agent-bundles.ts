// The agent's TypeScript as JavaScript, in two files: what every command needs, and what reads configurations. The runtime
// loads the second, three quarters of it all, when one of its functions is called: most commands never do.
import { join } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { repository, sourcePath } from "../lib/paths.ts";

/** Modules of the second bundle, below src/agent, with what others call of them. */
const LATE: Readonly<Record<string, readonly string[]>> = {
  "load.ts": ["makeLoad"],
  "config.ts": ["configCommand"],
  "kubernetes/manifest-objects.ts": ["parseManifest", "identityOf", "titleOf"],
};

export interface AgentBundles {
  readonly agent: string;
  readonly configuration: string;
}

/** Each is a script that sets a global object of its name to what its entry exports. */
export async function makeAgentBundles(): Promise<AgentBundles> {
  return {
    agent: await makeBundle("agent", {
      entryPoints: [sourcePath("src/agent/main.device.ts")],
      plugins: [lateModules],
    }),
    configuration: await makeBundle("configuration", {
      stdin: {
        contents: Object.entries(LATE).map(reExport).join("\n"),
        resolveDir: sourcePath("src/agent"),
        loader: "ts",
      },
    }),
  };
}

function reExport([path, names]: [string, readonly string[]]): string {
  return `export { ${names.join(", ")} } from "./${path}";`;
}

/** In the first bundle, a late module's functions ask for the second when they are called. */
const lateModules: Plugin = {
  name: "late-modules",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path, resolveDir }) => {
      const below = join(resolveDir, path).slice(sourcePath("src/agent").length + 1);
      return below in LATE ? { path: below, namespace: "late" } : undefined;
    });
    onLoad({ filter: /.*/, namespace: "late" }, ({ path }) => ({
      contents: (LATE[path] ?? [])
        .map((name) => `export const ${name} = (...args) => late("configuration").${name}(...args);`)
        .join("\n"),
    }));
  },
};

/** Readable, since a stack trace in a log is all that there may be to find a defect with: bytecode keeps names and lines. */
export async function makeBundle(globalName: string, options: BuildOptions): Promise<string> {
  const { outputFiles } = await build({
    ...options,
    absWorkingDir: repository,
    // The names of files are in it, and the same wherever node_modules really is.
    preserveSymlinks: true,
    bundle: true,
    write: false,
    format: "iife",
    globalName,
    platform: "neutral",
    mainFields: ["browser", "module", "main"],
    conditions: ["browser", "import"],
    target: "es2023",
    charset: "utf8",
    logLevel: "silent",
  });
  return outputFiles?.[0]?.text ?? "";
}
