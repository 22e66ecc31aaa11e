// Image archives and manifests of a configuration, with a real containerd and a real API server.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Manifest } from "../../src/agent/cloud-init/actions.ts";
import { configureKubernetes } from "../../src/agent/configuration/kubernetes/kubernetes.ts";
import type { Host } from "../../src/agent/host.ts";
import { planOciLayout, writeOciArchive } from "../../src/image/container-image.ts";
import { sha256 } from "../../src/lib/files.ts";
import { buildPath } from "../../src/lib/paths.ts";
import { readContent } from "../../src/tree/content.ts";
import { writeTar } from "../../src/tree/tar.ts";
import { makeTree, type Tree, textFile } from "../../src/tree/tree.ts";
import { folderHost } from "../agent/device/folder-host.ts";
import { kubectlInside, type NodeUnderTest, patience, startNode } from "./node-under-test.ts";

let node: NodeUnderTest;

beforeAll(async () => {
  node = await startNode("node-content");
  await node.sandbox.waitForReady(patience);
});
afterAll(() => node?.end());

test("archives are loaded at the start, with gzip, too; a bad link, a crafted index or a panic doesn't matter", async () => {
  const { sandbox, directory } = node;
  // Different ones: two names of one image would be one line.
  const imageOf = (name: string) => ({
    name: `localhost/${name}:1`,
    architecture: "amd64",
    config: {},
    tree: makeTree([textFile("a", name)]),
  });
  const plain = join(directory, "plain.tar");
  await writeOciArchive(imageOf("plain"), plain, 0);
  const other = join(directory, "other.tar");
  await writeOciArchive(imageOf("compressed"), other, 0);
  const compressed = gzipSync(readFileSync(other));

  // It ended containerd 2.4.1, and with it each start of the engine.
  const crafted = join(directory, "crafted.tar");
  await writeTar(craftedIndex(), crafted, 0);
  const refused = await node.engine("images", "import", crafted);
  expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("sha256:abc") });

  await sandbox.stopEngine(patience);
  const own = join(sandbox.path("state"), "images");
  mkdirSync(own);
  copyFileSync(crafted, join(own, "crafted.tar"));
  await writeOciArchive(imageOf("suspect"), join(own, "suspect.tar"), 0);
  await leaveCrash(join(own, "suspect.tar"));
  const script = `mkdir -p /run/kubesolo-os/images && cd /run/kubesolo-os/images &&
    ln -s "$1" 000-plain.tar && cat >/run/compressed.tgz && ln -s /run/compressed.tgz 001-compressed.tgz &&
    ln -s /run/missing.tar 002-missing.tar`;
  await sandbox.run(["sh", "-c", script, "sh", plain], { input: compressed });
  await sandbox.startEngine();
  await sandbox.waitForReady(patience);
  const images = await node.engine("images", "list");
  expect(images.stdout).toMatch(/^localhost\/plain:1 .* yes /m);
  expect(images.stdout).toMatch(/^localhost\/compressed:1 .* yes /m);
  expect(sandbox.engineLog).toContain(
    "cannot load /run/kubesolo-os/images/002-missing.tar, going on without it",
  );
  expect(sandbox.engineLog).toMatch(/cannot load \S+crafted.tar, .*sha256:abc/);
  expect(sandbox.engineLog).toContain(
    "containerd: the last run ended by a panic: out of luck, in github.com/",
  );
  expect(sandbox.engineLog).toContain("it is the second time in a row");
  expect(sandbox.engineLog).toMatch(
    /cannot load \S+suspect.tar, .* it ended the engine \(out of luck in \S+\) and isn't tried/,
  );
  expect(images.stdout).not.toContain("suspect");
});

/** What two panics of containerd leave, the second of which came while this archive was imported. */
async function leaveCrash(archive: string): Promise<void> {
  const { sandbox } = node;
  const index = await sandbox.run(["tar", "-xOf", archive, "index.json"]);
  const key = `archive ${sha256(index)}`;
  const state = sandbox.path("state");
  writeFileSync(join(state, `quarantine/${sha256(key).slice(0, 16)}.working`), JSON.stringify({ key }));
  const stack =
    "goroutine 7 [running]:\ngithub.com/containerd/containerd/v2/core/images.Walk(0x1)\n\t/x.go:1\n";
  for (const file of ["crash.txt.last", "crash.txt"])
    writeFileSync(join(state, file), `panic: out of luck\n\n${stack}`);
}

/** An archive whose index has, beside a good image, a child with a short digest that refers to another. */
function craftedIndex(): Tree {
  const image = { name: "localhost/crafted:1", architecture: "amd64", config: {}, tree: new Map() };
  const layout = new Map(planOciLayout(image, Buffer.alloc(1024), 0));
  const table = layout.get("index.json");
  if (table?.type !== "file") throw new Error("an image layout without index.json");
  const { manifests } = JSON.parse(Buffer.from(readContent(table.content)).toString());
  const subject = { "io.containerd.manifest.subject": manifests[0].digest };
  const bad = { ...manifests[0], digest: "sha256:abc", size: 7, annotations: subject };
  const { annotations, ...good } = manifests[0];
  const mediaType = "application/vnd.oci.image.index.v1+json";
  const index = JSON.stringify({ schemaVersion: 2, mediaType, manifests: [good, bad] });
  const target = { mediaType, digest: `sha256:${sha256(index)}`, size: index.length, annotations };
  layout.delete("index.json");
  return makeTree([
    ...layout,
    textFile("index.json", JSON.stringify({ schemaVersion: 2, manifests: [target] })),
    textFile(`blobs/sha256/${sha256(index)}`, index),
  ]);
}

test("manifests are applied, kinds before their objects, applied again when changed, and removed", async () => {
  const host = agentHost(join(node.directory, "device"));
  const configure = (...manifests: Manifest[]) =>
    configureKubernetes(host, { instanceId: "test", actions: [{ do: "set-manifests", manifests }] });
  const get = (...what: string[]) =>
    node.sandbox.kubectl("get", "--ignore-not-found", "--output=name", ...what);

  // The object comes before its kind and its namespace: only a second try can do it.
  expect(configure(text("a-thing", thing), text("b-kind", kind))).toEqual([]);
  expect(await get("--namespace=shop", "things.test.example")).toBe("thing.test.example/first\n");
  expect(configure(text("a-thing", thing), text("b-kind", kind), text("note", note("1")))).toEqual([]);

  await node.sandbox.kubectl("patch", "configmap", "note", "--patch", '{"data":{"version":"by hand"}}');
  const version = ["get", "configmap", "note", "--output=jsonpath={.data.version}"];
  configure(text("a-thing", thing), text("b-kind", kind), text("note", note("1")));
  expect(await node.sandbox.kubectl(...version)).toBe("by hand");
  configure(text("a-thing", thing), text("b-kind", kind), text("note", note("2")));
  expect(await node.sandbox.kubectl(...version)).toBe("2");

  const refused = configure(
    text("note", note("2")),
    text("bad", "apiVersion: v1\nkind: Nothing\nmetadata: {name: a}\n"),
  );
  expect(refused.join()).toMatch(/manifest configuration\/bad: .*no matches for kind "Nothing"/);

  expect(configure()).toEqual([]);
  expect(await get("configmap", "note")).toBe("");
  const kindIsThere = [...kubectlInside(node.sandbox), "get", "crd", "things.test.example"];
  await node.sandbox.until(["sh", "-c", '! "$@"', "sh", ...kindIsThere], patience);
  expect(configure()).toEqual([]);
});

const kind = `apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.test.example}
spec:
  group: test.example
  scope: Namespaced
  names: {plural: things, singular: thing, kind: Thing}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object}}
`;
const thing = "apiVersion: test.example/v1\nkind: Thing\nmetadata: {name: first, namespace: shop}\n";
const note = (version: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: note}\ndata: {version: "${version}"}\n`;

function text(name: string, manifest: string): Manifest {
  return { name, source: { text: manifest } };
}

/** Files in a folder, but programs are the node's. */
function agentHost(folder: string): Host {
  const { sandbox } = node;
  return {
    ...folderHost(folder),
    run: ([, ...args], { input, timeoutMs }) => {
      const program = [join(buildPath("engine"), "kubesolo"), ...args, `--kubeconfig=${sandbox.kubeconfig}`];
      const result = spawnSync(sandbox.path("enter"), program, {
        input,
        timeout: timeoutMs,
        encoding: "utf8",
      });
      return {
        exitCode: result.status ?? 255,
        isTimedOut: false,
        stdout: result.stdout,
        stderr: result.stderr,
      };
    },
    sleep: (durationMs) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs),
  };
}
