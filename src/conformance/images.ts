// The container images that the tests name, packed from locked Debian packages and our own programs. Upstream's are
// Alpine with BusyBox; so are these, but for a real bash and netcat: Debian's BusyBox is built with another shell.
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type ContainerImage, type RunConfig, writeOciArchive } from "../image/container-image.ts";
import { prepareGroup, readInputs } from "../image/debian/packages.ts";
import { programsWithLibraries } from "../image/libraries.ts";
import { nginxImage } from "../kit/images.ts";
import { readTextIfThere, replaceFile, sha256 } from "../lib/files.ts";
import { buildPath } from "../lib/paths.ts";
import { run } from "../lib/run.ts";
import { digestTree } from "../tree/content.ts";
import { directory, type Entry, hostFile, makeTree, symlink, textFile } from "../tree/tree.ts";
import { programPath, testImageFiles } from "./programs.ts";
import { parseImageList, registryList } from "./registries.ts";

type Contents = Pick<ContainerImage, "config"> & { readonly entries: readonly Entry[] };

const PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const AGNHOST: RunConfig = { Entrypoint: ["/agnhost"], Cmd: ["pause"], Env: [PATH] };

/** Host path of the file that tells the tests how their images are called. */
export function registryFile(): string {
  const path = buildPath("conformance/registries.yaml");
  replaceFile(path, registryList);
  return path;
}

/** Host path of an image's archive. */
export function archivePath(name: string): string {
  return buildPath("conformance/images", `e2e-${name}.tar`);
}

/** Packs these images, those that have changed; returns the archives' host paths. */
export async function packTestImages(names: readonly string[]): Promise<string[]> {
  const inputs = readInputs();
  const system = await systemEntries(await prepareGroup("conformance"), await prepareGroup("rootfs"));
  const nginx = await nginxImage(await prepareGroup("nginx"), inputs.architecture);
  const images = testImages(
    system,
    { config: nginx.config, entries: [...nginx.tree] },
    await testImageFiles(),
  );
  const references = await listReferences();
  mkdirSync(buildPath("conformance/images"), { recursive: true });
  const archives: string[] = [];
  for (const name of names) {
    const contents = images[name];
    const [reference, ...aliases] = references.get(name) ?? [];
    if (contents === undefined || reference === undefined)
      throw new Error(`there is no test image "${name}"`);
    const image = {
      name: reference,
      aliases,
      architecture: inputs.architecture,
      config: contents.config,
      tree: makeTree(contents.entries),
    };
    const archive = archivePath(name);
    await packIfChanged(image, archive, inputs.epoch);
    archives.push(archive);
  }
  return archives;
}

async function packIfChanged(image: ContainerImage, archive: string, epoch: number): Promise<void> {
  const { tree, ...rest } = image;
  const digest = sha256(JSON.stringify(rest) + digestTree(tree));
  const record = `${archive}.digest`;
  if (existsSync(archive) && readTextIfThere(record) === digest) return;
  rmSync(record, { force: true });
  await writeOciArchive(image, archive, epoch);
  replaceFile(record, digest);
}

/** What is in each image, as in its Dockerfile under test/images of Kubernetes. */
function testImages(
  system: readonly Entry[],
  nginx: Contents,
  upstreamFiles: string,
): Readonly<Record<string, Contents>> {
  const upstream = (imagePath: string, file: string) => hostFile(imagePath, join(upstreamFiles, file), 0o644);
  const agnhost = hostFile("agnhost", programPath("agnhost"));
  const shell: Contents = { config: { Cmd: ["sh"], Env: [PATH] }, entries: system };
  const pictured = (name: string): Contents => ({
    config: { ...AGNHOST, Cmd: ["test-webserver"] },
    entries: [
      agnhost,
      upstream(`${name}.jpg`, `${name}/html/${name}.jpg`),
      upstream("data.json", `${name}/html/data.json`),
      // A test of image volumes looks for upstream's base here.
      textFile("etc/os-release", 'NAME="stands for Alpine Linux"\n'),
    ],
  });
  return {
    agnhost: {
      config: AGNHOST,
      entries: [
        ...system,
        agnhost,
        symlink("agnhost-2", "agnhost"),
        hostFile("coredns", programPath("coredns")),
        directory("uploads"),
        upstream("localhost.crt", "agnhost/porter/localhost.crt"),
        upstream("localhost.key", "agnhost/porter/localhost.key"),
      ],
    },
    busybox: { ...shell, entries: [...new Map([...system, ...busyboxOwn])] },
    "glibc-dns-testing": shell,
    nonroot: { config: { ...shell.config, User: "1234" }, entries: system },
    nonewprivs: {
      config: { Cmd: ["nnp"], Env: [PATH] },
      entries: [...system, hostFile("usr/local/bin/nnp", programPath("nnp"), 0o4755)],
    },
    nginx: { config: nginx.config, entries: [...new Map([...system, ...nginx.entries])] }, // its own users
    nautilus: pictured("nautilus"),
    kitten: pictured("kitten"),
    pause: {
      config: { Entrypoint: ["/pause"], User: "65535:65535" },
      entries: [hostFile("pause", buildPath("engine/pause"))],
    },
    "regression-issue-74839": {
      config: { Entrypoint: ["/regression-issue-74839"] },
      entries: [hostFile("regression-issue-74839", programPath("regression-issue-74839"))],
    },
    "sample-apiserver": {
      config: { Entrypoint: ["/sample-apiserver"] },
      entries: [hostFile("sample-apiserver", programPath("sample-apiserver"))],
    },
    etcd: { config: {}, entries: [hostFile("usr/local/bin/etcd", programPath("etcd"))] },
  };
}

const PROGRAMS = ["bash", "busybox", "curl", "dig", "getent", "nc.openbsd", "ss"];

/**
 * BusyBox's own shell, whose words a test compares, is /bin/sh. The sh that is found by PATH is bash: Debian's BusyBox
 * drops environment variables that are no shell variables, which upstream's hands on. Groups have no names but root's: tests
 * read their numbers.
 */
const busyboxOwn: readonly Entry[] = [
  symlink("usr/bin/sh", "busybox"),
  symlink("usr/local/bin/sh", "/usr/bin/bash"),
  textFile("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n"),
  textFile("etc/group", "root:x:0:\n"),
];

/** A small Linux: a shell, BusyBox for the rest, and the tools to look at a network; `box`: the packages of the system itself. */
async function systemEntries(root: string, box: string): Promise<Entry[]> {
  const programs = await programsWithLibraries(
    root,
    PROGRAMS.map((name) => `usr/bin/${name}`),
  );
  // A node is looked at by its own programs: BusyBox's would start a shell of its own there, with its own losetup.
  const nsenter = await programsWithLibraries(box, ["usr/bin/nsenter"]);
  const applets = (await run([join(root, "usr/bin/busybox"), "--list"])).trim().split("\n");
  const others = new Set([...PROGRAMS, "nsenter", "sh", "nc"]);
  return [
    ...new Map([...nsenter, ...programs]),
    ...applets.filter((name) => !others.has(name)).map((name) => symlink(`usr/bin/${name}`, "busybox")),
    symlink("usr/bin/sh", "bash"),
    symlink("usr/bin/nc", "nc.openbsd"),
    symlink("bin", "usr/bin"),
    symlink("sbin", "usr/bin"),
    symlink("lib", "usr/lib"),
    symlink("lib64", "usr/lib64"),
    // The user and the group are named in a test of supplemental groups.
    textFile("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nuser-defined-in-image:x:1000:1000::/:/bin/sh\n"),
    textFile(
      "etc/group",
      "root:x:0:\nuser-defined-in-image:x:1000:\ngroup-defined-in-image:x:50000:user-defined-in-image\n",
    ),
    textFile("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n"),
    ...["home", "mnt", "root", "run", "var/log"].map((path) => directory(path)),
    directory("tmp", 0o1777),
    directory("var/tmp", 0o1777),
  ];
}

async function listReferences(): Promise<ReadonlyMap<string, readonly string[]>> {
  const env = { KUBE_TEST_REPO_LIST: registryFile() };
  return parseImageList(await run([programPath("e2e.test"), "--list-images"], { env }));
}
