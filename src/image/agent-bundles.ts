// The agent's TypeScript as JavaScript, in six files: what every command needs, what reads configurations, what reads the
// networks in them, the console's screen, updates with what Kubernetes hears of the node, and what tells how the machine is. The runtime
// loads the others when one of their functions is called: most commands never do.
import { join } from "node:path";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";
import { repository, sourcePath } from "../lib/paths.ts";

/** The bundles that are loaded late: modules below src/agent, with what others call of them. */
const LATE: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  configuration: {
    "configuration/decision.ts": ["makeLoad"],
    "configuration/config-command.ts": ["configCommand"],
    "configuration/kubernetes/manifest-objects.ts": ["parseManifest", "identityOf", "titleOf"],
  },
  update: {
    "update/commands.ts": [
      "checkCommand",
      "applyCommand",
      "activateCommand",
      "updateCommand",
      "confirmCommand",
      "rollbackCommand",
      "historyCommand",
    ],
    "update/trial-command.ts": ["trialCommand"],
    "update/tell/status.ts": ["describeUpdates", "listUpdates"],
    "update/tell/tell.ts": ["tellUpdates"],
    // Only who tells of updates, too, calls it.
    "configuration/node.ts": ["configureNode"],
    // It writes slots, too.
    "install/install-command.ts": ["installCommand"],
  },
  support: {
    "support/support-command.ts": ["supportCommand"],
    "metrics/metrics-command.ts": ["metricsCommand", "writeMetrics"],
  },
  screen: { "console/screen-command.ts": ["screenCommand"] },
  network: { "cloud-init/network/check.ts": ["checkNetwork"] },
};

/** A script that sets a global object of its name to what its entry exports. */
export interface Bundle {
  readonly text: string;
  /** Of which npm packages there is something in it: their folders as package-lock.json has them, "node_modules/yaml". */
  readonly npmFolders: readonly string[];
}

/** By name. */
export async function makeAgentBundles(): Promise<Record<string, Bundle>> {
  const late = Object.entries(LATE).map(async ([name, modules]) => [
    name,
    await makeBundle(name, {
      stdin: {
        contents: Object.entries(modules).map(reExport).join("\n"),
        resolveDir: sourcePath("src/agent"),
        loader: "ts",
      },
      plugins: [lateModules(name)],
    }),
  ]);
  return {
    agent: await makeBundle("agent", {
      entryPoints: [sourcePath("src/agent/main.device.ts")],
      plugins: [lateModules("agent")],
    }),
    ...Object.fromEntries(await Promise.all(late)),
  };
}

function reExport([path, names]: [string, readonly string[]]): string {
  return `export { ${names.join(", ")} } from "./${path}";`;
}

/** In a bundle, the functions of another one's modules ask for that one when they are called. */
function lateModules(own: string): Plugin {
  const others = Object.entries(LATE).filter(([name]) => name !== own);
  const contents = new Map(
    others.flatMap(([bundle, modules]) =>
      Object.entries(modules).map(([path, names]) => [path, lateFunctions(bundle, names)]),
    ),
  );
  return {
    name: "late-modules",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path, resolveDir }) => {
        const below = join(resolveDir, path).slice(sourcePath("src/agent").length + 1);
        return contents.has(below) ? { path: below, namespace: "late" } : undefined;
      });
      onLoad({ filter: /.*/, namespace: "late" }, ({ path }) => ({ contents: contents.get(path) ?? "" }));
    },
  };
}

function lateFunctions(bundle: string, names: readonly string[]): string {
  return names
    .map((name) => `export const ${name} = (...args) => late("${bundle}").${name}(...args);`)
    .join("\n");
}

/** Readable, since a stack trace in a log is all that there may be to find a defect with: bytecode keeps names and lines. */
export async function makeBundle(globalName: string, options: BuildOptions): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    ...options,
    absWorkingDir: repository,
    // The names of files are in it, and the same wherever node_modules really is.
    preserveSymlinks: true,
    bundle: true,
    write: false,
    metafile: true,
    format: "iife",
    globalName,
    platform: "neutral",
    mainFields: ["browser", "module", "main"],
    conditions: ["browser", "import"],
    target: "es2023",
    charset: "utf8",
    logLevel: "silent",
  });
  return { text: outputFiles?.[0]?.text ?? "", npmFolders: npmFoldersIn(metafile) };
}

/** Of what is in the output: a module that was read and then left out is no part of it. Pure. */
function npmFoldersIn({ outputs }: Metafile): string[] {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const folders = inputs.flatMap(([path, { bytesInOutput }]) => {
    const folder = /^(.*\bnode_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
    return folder === undefined || bytesInOutput === 0 ? [] : [folder];
  });
  return [...new Set(folders)].sort();
}
