// The test kit: what tests, benchmarks and `make up` put beside or into a machine, and no device has. Each part brings
// the Debian packages that it needs; an image is built without any of them.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type ContainerImage, writeOciArchive } from "../image/container-image.ts";
import type { Architecture, GroupName } from "../image/debian/inputs.ts";
import { fetchPackages, prepareGroup, prepareTools, readInputs, readLock } from "../image/debian/packages.ts";
import { GO_OPTIONS } from "../image/go-program.ts";
import { type Kit, writeKit } from "../lib/built.ts";
import { programArgs } from "../lib/locked-tools.ts";
import { step } from "../lib/log.ts";
import { buildPath, sourcePath } from "../lib/paths.ts";
import { run } from "../lib/run.ts";
import { DRIVERS_MODULE, driversImage } from "./drivers.ts";
import { busyboxImage, meshImage, nginxImage } from "./images.ts";

/** The image of the packages unpacked under `root`. */
type ImageOf = (root: string, architecture: Architecture) => Promise<ContainerImage>;

const GROUPS = [
  "rootfs",
  "tools",
  "nginx",
  "kubectl",
  "registry",
  "time-server",
  "cloud-init",
  "machine",
  "ssh",
  "nfs-server",
  "mesh",
] as const satisfies GroupName[];

/** Downloads what the parts are made of; with a full cache no network is used. */
export async function fetchKit(): Promise<void> {
  await step("fetch the test kit's packages", (say) => fetchPackages(readInputs(), readLock(), GROUPS, say));
  await step("fetch the test kit's Go modules", () =>
    run(["go", "mod", "download"], { ...GO_OPTIONS, cwd: sourcePath(DRIVERS_MODULE) }),
  );
}

/** Makes all parts, and the record that tests read. */
export async function makeKit(): Promise<Kit> {
  await fetchKit();
  const kit: Kit = {
    nginxArchive: await makeNginxArchive(),
    busyboxArchive: await makeArchive("busybox", "rootfs", busyboxImage),
    driversArchive: await makeDriversArchive(),
    meshArchive: await makeArchive("mesh", "mesh", meshImage),
    stockKubectl: join(await prepareGroup("kubectl"), "usr/bin/kubectl"),
    registry: await registryProgram(),
    timeServer: programArgs(await prepareGroup("time-server"), "chronyd"),
    python: await pythonProgram(),
    tools: (await prepareTools()).root,
    qemu: await prepareQemu(),
    ssh: await prepareGroup("ssh"),
    nfsServer: await prepareGroup("nfs-server"),
  };
  writeKit(kit);
  return kit;
}

/** The first workload of `make up`; returns the archive's host path. */
export async function makeNginxArchive(): Promise<string> {
  return makeArchive("nginx", "nginx", nginxImage);
}

/** Drivers of storage and devices; returns the archive's host path. */
export async function makeDriversArchive(): Promise<string> {
  return packImage("drivers", driversImage);
}

/** Host path of Debian's registry of container images. */
export async function registryProgram(): Promise<string> {
  return join(await prepareGroup("registry"), "usr/bin/docker-registry");
}

/** Python, which cloud-init's packages have, with SQLite; it has to be told where its modules are. */
async function pythonProgram(): Promise<string[]> {
  const root = await prepareGroup("cloud-init");
  return ["env", `PYTHONHOME=${join(root, "usr")}`, ...programArgs(root, "python3")];
}

/** The QEMU that machines run in, with its firmware: the host path of its root. */
export async function prepareQemu(): Promise<string> {
  return prepareGroup("machine");
}

/** Packs an image of what one group's packages have. */
function makeArchive(name: string, group: GroupName, image: ImageOf): Promise<string> {
  return packImage(name, async (architecture) => image(await prepareGroup(group), architecture));
}

async function packImage(
  name: string,
  image: (architecture: Architecture) => Promise<ContainerImage>,
): Promise<string> {
  const archive = buildPath("kit", `${name}.tar`);
  const { architecture, epoch } = readInputs();
  mkdirSync(buildPath("kit"), { recursive: true });
  await step(`container image ${name}`, async () =>
    writeOciArchive(await image(architecture), archive, epoch),
  );
  return archive;
}
