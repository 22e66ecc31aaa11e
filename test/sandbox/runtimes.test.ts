// Runtimes and NRI by containerd's drop-ins, as installers write them, among files that can't be used.
import { dirname } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readKit } from "../../src/lib/built.ts";
import { sourcePath } from "../../src/lib/paths.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { type NodeUnderTest, patience, polling, startNode, untilEvent } from "./node-under-test.ts";

const manifest = (name: string) => sourcePath("test/sandbox/manifests", name);
const dropIns = "/etc/containerd/conf.d";

let node: NodeUnderTest;
let sandbox: Sandbox;
let wasNriOn: boolean;

beforeAll(async () => {
  node = await startNode("runtimes", [], [readKit().driversArchive]);
  sandbox = node.sandbox;
  await sandbox.waitForReady(patience);
  await write(
    "/opt/marked",
    `#!/bin/sh\necho "$*" >>/run/marked\nexec ${sandbox.path("library")}/bin/runc "$@"\n`,
  );
  await write("/opt/silent", "#!/bin/sh\nsleep 1000\n");
  await write(`${dropIns}/10-marked.toml`, runtime("marked", "/opt/marked"));
  await write(`${dropIns}/20-broken.toml`, "version = ");
  await write(
    `${dropIns}/30-snapshotter.toml`,
    '[plugins."io.containerd.cri.v1.images"]\nsnapshotter = "native"\n',
  );
  await write(`${dropIns}/40-root.toml`, 'version = 3\nroot = "/mnt"\n');
  await write(`${dropIns}/50-silent.toml`, runtime("silent", "/opt/silent"));
  await sandbox.run(["mkfifo", `${dropIns}/60-pipe.toml`]);
  await sandbox.run(["mkdir", `${dropIns}/70-folder.toml`]);
  const nri = 'version = 3\n[plugins."io.containerd.nri.v1.nri"]\ndisable = false\n';
  await write(`${dropIns}/80-nri.toml`, nri);
  wasNriOn = (await sandbox.runAnyExit(["test", "-e", "/var/run/nri/nri.sock"])).exitCode === 0;
  await restart();
});

afterAll(() => node?.end());

test("what can't be used is told, and left out", async () => {
  for (const why of [
    "20-broken.toml: line 1",
    '30-snapshotter.toml: plugins."io.containerd.cri.v1.images": snapshotter is the engine\'s to say',
    "40-root.toml: root is the engine's to say",
    '50-silent.toml: the runtime "silent": [/opt/silent features] doesn\'t end within 5s',
    "60-pipe.toml: it is a pipe, not a file",
    "70-folder.toml: it is a folder, not a file",
  ])
    expect(sandbox.engineLog).toContain(`containerd: ${dropIns} is left out: ${why}`);
  await untilEvent(sandbox, "runtimes", "SettingLeftOut", `${dropIns} is left out: 20-broken.toml`);
  await sandbox.run(["rm", `${dropIns}/50-silent.toml`]);
});

test("a pod runs by the runtime that its class names, and others don't", async () => {
  await sandbox.kubectl("apply", "--filename", manifest("runtimes.yaml"));
  await sandbox.kubectl("wait", "--for=condition=Ready", "pod/usual", "pod/marked", "--timeout=90s");
  const marks = await sandbox.run(["grep", "-c", " create ", "/run/marked"]);
  expect(marks.trim()).toBe("2"); // the pod's sandbox, and its container
  await expect.poll(() => reasons("silent"), polling).toContain('no runtime for "silent" is configured');
});

test("NRI was off, and now a plugin in a pod changes containers, behind an end of the engine, too", async () => {
  expect(wasNriOn).toBe(false);
  await sandbox.kubectl("apply", "--filename", manifest("nri.yaml"));
  await sandbox.kubectl("rollout", "status", "daemonset/adjuster", "--timeout=90s");
  await expect.poll(() => adjusted("first"), polling).toBe("hello\n");
  await restart();
  await expect.poll(() => adjusted("second"), polling).toBe("hello\n");
});

async function restart(): Promise<void> {
  await sandbox.killEngine();
  await sandbox.startEngine();
  await sandbox.waitForReady(patience);
}

function runtime(name: string, binary: string): string {
  return `version = 3
[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.${name}]
  runtime_type = "io.containerd.runc.v2"
  [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.${name}.options]
    BinaryName = "${binary}"
`;
}

/** Puts a file onto the node that may be run. */
async function write(path: string, text: string): Promise<void> {
  const script = 'mkdir -p "$2" && cat >"$1" && chmod 755 "$1"';
  await sandbox.run(["sh", "-c", script, "sh", path, dirname(path)], { input: text });
}

function reasons(pod: string): Promise<string> {
  const selector = `involvedObject.name=${pod}`;
  return sandbox.kubectl(
    "get",
    "events",
    "--field-selector",
    selector,
    "--output=jsonpath={.items[*].message}",
  );
}

/** What a new pod got that asks the plugin for a word; the plugin may only just connect. */
async function adjusted(name: string): Promise<string> {
  const labels = JSON.stringify({ metadata: { annotations: { "adjuster.example.com/word": "hello" } } });
  await sandbox.kubectl("delete", "pod", name, "--ignore-not-found", "--now");
  const image = ["--image=localhost/busybox:1", "--image-pull-policy=Never", "--restart=Never"];
  await sandbox.kubectl(
    "run",
    name,
    ...image,
    `--overrides=${labels}`,
    "--command",
    "--",
    "sh",
    "-c",
    "echo $ADJUSTED",
  );
  await sandbox.kubectl("wait", "--for=jsonpath={.status.phase}=Succeeded", `pod/${name}`, "--timeout=60s");
  return sandbox.kubectl("logs", name);
}
