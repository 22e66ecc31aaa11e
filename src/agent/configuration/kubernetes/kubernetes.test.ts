// The two parts of a boot on a device in a folder; kubectl answers what a test says.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import {
  folderHost,
  makeDevice,
  PowerCut,
  readDevice,
  type World,
} from "../../../../test/agent/device/folder-host.ts";
import type { Action, Manifest } from "../../cloud-init/actions.ts";
import { FIRST_LINE } from "./hosts-toml.ts";
import { configureKubernetes, prepareKubernetes } from "./kubernetes.ts";

const volume = "/run/kubesolo-os/configuration-volume";
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function device(files: Record<string, string>) {
  const root = makeDevice(files);
  folders.push(root);
  const boot = (...actions: Action[]) => prepareKubernetes(folderHost(root), { instanceId: "test", actions });
  const configure = (actions: Action[], world: World = {}) => {
    const host = folderHost(root, world);
    return { problems: configureKubernetes(host, { instanceId: "test", actions }), calls: host.calls };
  };
  return { root, boot, configure };
}

const object = (name: string) => `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"${name}"}}`;
const text = (name: string, ...objects: string[]): Manifest => ({
  name,
  source: { text: objects.map(object).join("\n---\n") },
});
const manifests = (...all: Manifest[]): Action[] => [{ do: "set-manifests", manifests: all }];
const images = (...archives: string[]): Action => ({ do: "load-images", archives });
const registry = (host: string): Action => ({
  do: "set-registries",
  registries: [
    { host, mirrors: [{ url: "https://m.example", skipVerify: false, overridePath: false, caPem: "PEM" }] },
  ],
});
const kubectlCalls = (calls: readonly string[]) =>
  calls.filter((call) => call.startsWith("kubesolo kubectl")).map((call) => call.split(" ")[2]);

test("registries come and go with the configuration, and somebody else's stay", () => {
  const { root, boot } = device({ "/etc/kubesolo/certs.d/theirs.example/hosts.toml": "# mine\n" });
  expect(boot(registry("r.example:5000"))).toEqual([]);
  const files = readDevice(root, "/etc/kubesolo/certs.d");
  expect(Object.keys(files)).toEqual([
    "/etc/kubesolo/certs.d/r.example:5000/authority-0.pem",
    "/etc/kubesolo/certs.d/r.example:5000/hosts.toml",
    "/etc/kubesolo/certs.d/theirs.example/hosts.toml",
  ]);
  expect(files["/etc/kubesolo/certs.d/r.example:5000/hosts.toml"]).toContain(FIRST_LINE);
  boot();
  expect(Object.keys(readDevice(root, "/etc/kubesolo/certs.d"))).toEqual([
    "/etc/kubesolo/certs.d/theirs.example/hosts.toml",
  ]);
});

test("archives are linked, not copied; one that is missing is told, and the others are linked", () => {
  const { root, boot } = device({ "/data/a.tar": "", [`${volume}/images/b.tar`]: "" });
  expect(boot(images("/data/a.tar", "images/b.tar", "c.tar"))).toEqual([
    "images: there is no archive c.tar on the configuration's volume; what was loaded from it before is still there",
  ]);
  expect(readDevice(root, "/run/kubesolo-os/images")).toEqual({
    "/run/kubesolo-os/images/000-a.tar": "→ /data/a.tar",
    "/run/kubesolo-os/images/001-b.tar": "→ /run/kubesolo-os/image-volume/images/b.tar",
  });
  boot();
  expect(readDevice(root, "/run/kubesolo-os/images")).toEqual({});
});

test("the volume stays for the engine only when an archive is on it", () => {
  const mounts = (archive: string) => {
    const { root } = device({ "/data/a.tar": "", [`${volume}/b.tar`]: "" });
    const host = folderHost(root);
    prepareKubernetes(host, { instanceId: "test", actions: [images(archive)] });
    return host.calls.filter((call) => call.startsWith("mount"));
  };
  expect(mounts("/data/a.tar")).toEqual([]);
  expect(mounts("b.tar")).toEqual([`mount -o bind ${volume} /run/kubesolo-os/image-volume`]);
});

test("a manifest of the volume is there at boots without it", () => {
  const { root, boot, configure } = device({ [`${volume}/app.yaml`]: object("a") });
  const actions = manifests({ name: "app", source: { path: "app.yaml" } });
  expect(boot(...actions)).toEqual([]);
  rmSync(join(root, volume), { recursive: true });
  expect(boot(...actions)).toEqual([]);
  expect(configure(actions)).toMatchObject({ problems: [] });
  expect(kubectlCalls(configure([]).calls)).toEqual(["delete"]);
});

test("a manifest that was never there is told at the boot, and removes nothing", () => {
  const { boot, configure } = device({});
  configure(manifests(text("web", "a")));
  const actions = manifests({ name: "app", source: { path: "app.yaml" } });
  expect(boot(...actions)).toEqual(["manifests: there is no app.yaml on the configuration's volume"]);
  const { problems, calls } = configure(actions);
  expect(problems).toHaveLength(1);
  expect(kubectlCalls(calls)).toEqual([]);
});

test("what the image, people and the configuration have is applied once, again when changed, removed when removed", () => {
  const { root, configure } = device({
    "/usr/lib/kubesolo-os/manifests/a.yaml": object("baked"),
    "/etc/kubesolo/manifests/b.json": object("own"),
    "/etc/kubesolo/manifests/readme.txt": "not one",
  });
  const steps = (actions: Action[]) => kubectlCalls(configure(actions).calls);
  expect(steps(manifests(text("web", "x", "y")))).toEqual(["apply", "apply", "apply"]);
  expect(steps(manifests(text("web", "x", "y")))).toEqual([]);
  expect(steps(manifests(text("web", "x")))).toEqual(["apply", "delete"]);
  rmSync(join(root, "/etc/kubesolo/manifests/b.json"));
  expect(steps([])).toEqual(["delete", "delete"]);
  expect(steps([])).toEqual([]);
});

test("an object whose kind isn't known yet is tried again, a bounded number of times", () => {
  let failures = 2;
  const { configure } = device({});
  const notYet = { exitCode: 1, stderr: 'no matches for kind "Thing" in version "example/v1"\n' };
  const run = () => (failures-- > 0 ? notYet : undefined);
  expect(configure(manifests(text("web", "a")), { run })).toMatchObject({ problems: [] });
  const never = configure(manifests(text("other", "b")), {
    run: (args) => (args.includes("apply") ? notYet : undefined),
  });
  expect(never.problems).toEqual([
    'manifest configuration/other: no matches for kind "Thing" in version "example/v1"',
  ]);
  expect(kubectlCalls(never.calls).filter((verb) => verb === "apply")).toHaveLength(5);
  // It is not given up: the next boot tries again.
  expect(kubectlCalls(configure(manifests(text("other", "b"))).calls)).toEqual(["apply"]);
});

test("an object that can't be removed is removed another time; one without its kind is gone", () => {
  const { configure } = device({});
  configure(manifests(text("web", "a")));
  const refused = configure([], { run: () => ({ exitCode: 1, stderr: "the server is unwell" }) });
  expect(refused.problems).toEqual(["cannot remove ConfigMap a: the server is unwell"]);
  const gone = configure([], { run: () => ({ exitCode: 1, stderr: "no matches for kind" }) });
  expect(gone.problems).toEqual([]);
  expect(configure([]).calls).toEqual([]);
});

test("wherever the power is cut, no object is left that nobody removes", () => {
  for (let changes = 0; changes < 6; changes++) {
    const { configure } = device({});
    const inCluster = new Set<string>();
    const cluster = (args: readonly string[]) => {
      if (args.includes("apply")) inCluster.add("a");
      if (args.includes("delete")) inCluster.delete("a");
      return undefined;
    };
    try {
      configure(manifests(text("web", "a")), { run: cluster, changes });
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
    }
    configure([], { run: cluster });
    expect([...inCluster], `after ${changes} changes`).toEqual([]);
  }
});
