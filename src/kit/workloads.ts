// What people install on a cluster and with, out of its makers' Go modules. Made when a test asks for it: compiling helm takes minutes
// the first time, and little else needs it.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { buildGoProgram, GO_OPTIONS, goEnvironment } from "../image/go-program.ts";
import { buildPath, sourcePath } from "../lib/paths.ts";
import { run } from "../lib/run.ts";

/** Their folders in the repository; go.mod has the versions. */
const HELM_MODULE = "src/kit/helm";
const OPERATORS_MODULE = "src/kit/operators";

/** Where each operator's module has its custom resource definitions as YAML. */
const DEFINITIONS = {
  "github.com/cert-manager/cert-manager": "deploy/crds",
  "github.com/prometheus-operator/prometheus-operator": "example/prometheus-operator-crd",
} as const;

/** Compiles the real helm; returns its host path. */
export async function buildHelm(): Promise<string> {
  const folder = buildPath("kit/programs");
  mkdirSync(folder, { recursive: true });
  await buildGoProgram({ name: "helm", module: HELM_MODULE, package: "helm.sh/helm/v3/cmd/helm" }, folder);
  return join(folder, "helm");
}

/** Host paths of the folders with the operators' definitions, in Go's module cache: nothing but YAML that kubectl takes. */
export async function fetchDefinitions(): Promise<string[]> {
  const modules = Object.keys(DEFINITIONS);
  const options = { ...GO_OPTIONS, cwd: sourcePath(OPERATORS_MODULE), env: goEnvironment() };
  await run(["go", "mod", "download", ...modules], options);
  return Promise.all(
    Object.entries(DEFINITIONS).map(async ([module, folder]) => {
      const root = await run(["go", "list", "-m", "-f={{.Dir}}", module], options);
      return join(root.trim(), folder);
    }),
  );
}
