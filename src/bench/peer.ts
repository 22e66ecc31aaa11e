// What the engine is compared with: Kubernetes as upstream's separate programs, from the same modules and at the
// same versions, with Debian's etcd. They go into a machine on a disk of their own, compressed like the root.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { prepareGroup, prepareTools } from "../image/debian/packages.ts";
import { kubernetesStamps, readKubernetesVersion } from "../image/engine.ts";
import { makeSquashfs } from "../image/filesystems.ts";
import { buildGoProgram, type GoProgram } from "../image/go-program.ts";
import { readTextIfThere, replaceFile } from "../lib/files.ts";
import { step } from "../lib/log.ts";
import { buildPath, sourcePath } from "../lib/paths.ts";
import { digestTree } from "../tree/content.ts";
import { hostFolder } from "../tree/host.ts";
import { hostFile, makeTree } from "../tree/tree.ts";

const KUBERNETES = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy"];

const PROGRAMS: readonly GoProgram[] = [
  ...KUBERNETES.map((name) => ({ name, module: "engine", package: `k8s.io/kubernetes/cmd/${name}` })),
  {
    name: "containerd",
    module: "src/bench/programs",
    package: "github.com/containerd/containerd/v2/cmd/containerd",
  },
  { name: "nodekeys", module: "engine", package: "./pki/nodekeys" },
];

/** Makes the disk with the peer's programs and the benchmark's own; returns its host path. */
export async function makePeerDisk(): Promise<string> {
  const etcd = join(await step("fetch etcd", (say) => prepareGroup("etcd", say)), "usr/bin/etcd");
  const outputDirectory = buildPath("bench/programs");
  const stamps = kubernetesStamps(await readKubernetesVersion());
  for (const program of PROGRAMS)
    await step(`compile ${program.name}`, () => buildGoProgram(program, outputDirectory, { stamps }));
  const tree = makeTree([
    ...PROGRAMS.map(({ name }) => hostFile(`bin/${name}`, join(outputDirectory, name))),
    hostFile("bin/etcd", etcd),
    ...hostFolder("guest", sourcePath("src/bench/guest")),
    ...hostFolder("peer", sourcePath("src/bench/peer")),
  ]);
  const disk = buildPath("bench/peer.squashfs");
  const digestFile = buildPath("bench/peer.digest");
  const digest = digestTree(tree);
  if (readTextIfThere(digestFile) === digest && existsSync(disk)) return disk;
  replaceFile(digestFile, "");
  const tools = await prepareTools();
  await step("the peer's disk", () => makeSquashfs(tree, disk, tools));
  replaceFile(digestFile, digest);
  return disk;
}
