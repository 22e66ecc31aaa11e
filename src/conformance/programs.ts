// Kubernetes' own end-to-end tests, and the programs that they run in pods, compiled from the module src/conformance/tests.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { kubernetesStamps, readKubernetesVersion } from "../image/engine.ts";
import { buildGoProgram, GO_OPTIONS, type GoProgram } from "../image/go-program.ts";
import { step } from "../lib/log.ts";
import { buildPath, sourcePath } from "../lib/paths.ts";
import { run } from "../lib/run.ts";

const MODULE = "src/conformance/tests";
const TEST_IMAGES = "k8s.io/kubernetes/test/images";

interface TestProgram extends Omit<GoProgram, "module"> {
  /** Needed for this image only. */
  readonly image?: string;
}

const PROGRAMS: readonly TestProgram[] = [
  { name: "e2e.test", package: "k8s.io/kubernetes/test/e2e", isTest: true },
  { name: "ginkgo", package: "github.com/onsi/ginkgo/v2/ginkgo" },
  { name: "agnhost", package: `${TEST_IMAGES}/agnhost` },
  { name: "coredns", image: "agnhost", package: "./coredns" },
  { name: "nnp", image: "nonewprivs", package: `${TEST_IMAGES}/nonewprivs` },
  {
    name: "regression-issue-74839",
    image: "regression-issue-74839",
    package: `${TEST_IMAGES}/regression-issue-74839`,
  },
  { name: "sample-apiserver", image: "sample-apiserver", package: "k8s.io/sample-apiserver" },
  { name: "etcd", image: "etcd", package: "go.etcd.io/etcd/server/v3" },
];

/** Host path of a program that buildPrograms makes. */
export function programPath(name: string): string {
  return join(buildPath("conformance"), name);
}

/** Compiles what these images and the tests themselves need; takes minutes the first time. */
export async function buildPrograms(images: readonly string[]): Promise<void> {
  mkdirSync(buildPath("conformance"), { recursive: true });
  // The tests look for what their own version can do.
  const stamps = kubernetesStamps(await readKubernetesVersion());
  for (const { image, ...program } of PROGRAMS) {
    if (image !== undefined && !images.includes(image)) continue;
    await step(`compile ${program.name}`, () =>
      buildGoProgram({ ...program, module: MODULE }, buildPath("conformance"), { stamps }),
    );
  }
}

/** Host path of the folder with the files of Kubernetes' test images, in Go's module cache. */
export async function testImageFiles(): Promise<string> {
  const list = ["go", "list", "-m", "-f={{.Dir}}", "k8s.io/kubernetes"];
  const module = (await run(list, { ...GO_OPTIONS, cwd: sourcePath(MODULE) })).trim();
  return join(module, "test/images");
}
