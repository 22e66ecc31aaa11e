// CNI plugins and networks that people install: as Multus, meshes and others do it, by a pod that writes into the node's folders.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { type NodeUnderTest, patience, polling, startNode } from "./node-under-test.ts";

let node: NodeUnderTest;
let sandbox: Sandbox;

beforeAll(async () => {
  node = await startNode("networks");
  sandbox = node.sandbox;
  await sandbox.waitForReady(patience);
});

afterAll(() => node?.end());

test("configurations that can't work are told, and pods get their network", async () => {
  await write("/etc/cni/net.d/00-broken.conflist", "{");
  await write("/etc/cni/net.d/01-absent.conf", JSON.stringify(network("not-installed")));
  await expect.poll(log, polling).toContain("00-broken.conflist: ");
  await expect.poll(log, polling).toContain('01-absent.conf: its plugin "not-installed" can\'t be run');
  expect(await addressOf("first")).toMatch(/^10\.42\.0\./);
});

test("a plugin by a usual name is nothing to the engine's network", async () => {
  await write("/opt/cni/bin/bridge", "#!/bin/sh\necho broken >&2\nexit 1\n");
  await write("/opt/cni/bin/host-local", "#!/bin/sh\nexit 1\n");
  expect(await addressOf("second")).toMatch(/^10\.42\.0\./);
  await sandbox.run(["rm", "/opt/cni/bin/bridge", "/opt/cni/bin/host-local"]);
});

test("a plugin that a pod installs connects pods, through ends of the engine, too", async () => {
  await runPod(installer());
  await expect.poll(log, polling).toContain("new pods are connected as /etc/cni/net.d/05-front.conf says");
  expect(await addressOf("third")).toMatch(/^10\.77\.0\./);
  expect(await sandbox.run(["cat", "/run/front"])).toContain("ADD\n");
  await restart();
  expect(await addressOf("fourth")).toMatch(/^10\.77\.0\./);
});

test("what is added to the engine's network has its effect", async () => {
  await sandbox.run(["rm", "/etc/cni/net.d/05-front.conf"]);
  const own = JSON.parse(await sandbox.run(["cat", "/etc/cni/net.d/10-kubesolo.conflist"]));
  const added = [
    { type: "tuning", sysctl: { "net.ipv4.ip_default_ttl": "77" } },
    { type: "bandwidth", capabilities: { bandwidth: true } },
  ];
  const plugins = [...own.plugins, ...added];
  await write("/etc/cni/net.d/02-tuned.conflist", JSON.stringify({ ...own, plugins }));
  await expect.poll(log, polling).toContain("connected as /etc/cni/net.d/02-tuned.conflist says");
  expect(await addressOf("fifth")).toMatch(/^10\.42\.0\./);
  expect(await sandbox.kubectl("exec", "fifth", "--", "cat", "/proc/sys/net/ipv4/ip_default_ttl")).toBe(
    "77\n",
  );
});

test("a network whose plugin says that it isn't ready keeps no engine from its start", async () => {
  await write("/opt/cni/bin/late", '#!/bin/sh\n[ "$CNI_COMMAND" = STATUS ] || exit 0\n[ -e /run/late ]\n');
  await write("/etc/cni/net.d/00-late.conf", JSON.stringify({ ...network("late"), cniVersion: "1.1.0" }));
  await expect.poll(log, polling).toContain("connected as /etc/cni/net.d/00-late.conf says");
  await sandbox.killEngine();
  await sandbox.startEngine();
  const ready = [
    "get",
    "nodes",
    '--output=jsonpath={.items[*].status.conditions[?(@.type=="Ready")].reason}',
  ];
  await expect.poll(() => sandbox.kubectl(...ready).catch(() => ""), polling).toBe("KubeletNotReady");
  await write("/run/late", "");
  await sandbox.waitForReady(patience);
});

test("without them pods have the engine's network again", async () => {
  await sandbox.run(["sh", "-c", "rm /etc/cni/net.d/0*"]);
  await restart();
  expect(await addressOf("sixth")).toMatch(/^10\.42\.0\./);
});

async function restart(): Promise<void> {
  await sandbox.killEngine();
  await sandbox.startEngine();
  await sandbox.waitForReady(patience);
}

function log(): string {
  return sandbox.engineLog;
}

function network(type: string) {
  const ipam = { type: "host-local", dataDir: "/run/front-addresses", subnet: "10.77.0.0/24" };
  return { cniVersion: "1.0.0", name: "front", type, bridge: "front0", isGateway: true, ipam };
}

/** Puts a file onto the node that may be run. */
async function write(path: string, text: string): Promise<void> {
  await sandbox.run(["sh", "-c", 'cat >"$1.part" && chmod 755 "$1.part" && mv "$1.part" "$1"', "sh", path], {
    input: text,
  });
}

const base = { terminationGracePeriodSeconds: 0, automountServiceAccountToken: false };

/** Starts a pod that sleeps; returns its address. */
async function addressOf(name: string): Promise<string> {
  const container = { name, image: "localhost/busybox:1", command: ["sleep", "100000"] };
  await runPod({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: { ...base, containers: [container] },
  });
  return sandbox.kubectl("get", "pod", name, "--output=jsonpath={.status.podIP}");
}

interface Pod {
  readonly metadata: { readonly name: string };
  readonly [key: string]: unknown;
}

async function runPod(pod: Pod): Promise<void> {
  await sandbox.run(
    [`${sandbox.options.engine}/kubectl`, `--kubeconfig=${sandbox.kubeconfig}`, "apply", "--filename=-"],
    {
      input: JSON.stringify(pod),
    },
  );
  await sandbox.kubectl("wait", "--for=condition=Ready", `pod/${pod.metadata.name}`, "--timeout=90s");
}

/** A pod as they are published: it leaves a program and a configuration on the node. The program hands on to another plugin. */
function installer(): Pod {
  const plugin = `#!/bin/sh
echo "$CNI_COMMAND" >>/run/front
sed 's/"type":"front"/"type":"bridge"/' | exec "\${CNI_PATH##*:}/bridge"
`;
  const script = `printf %s "$PLUGIN" >/bins/front && chmod 755 /bins/front && printf %s "$NETWORK" >/nets/05-front.conf && exec sleep 100000`;
  const folders = { bins: "/opt/cni/bin", nets: "/etc/cni/net.d" };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "installer" },
    spec: {
      ...base,
      hostNetwork: true,
      containers: [
        {
          name: "installer",
          image: "localhost/busybox:1",
          command: ["sh", "-c", script],
          env: [
            { name: "PLUGIN", value: plugin },
            { name: "NETWORK", value: JSON.stringify(network("front")) },
          ],
          volumeMounts: Object.keys(folders).map((name) => ({ name, mountPath: `/${name}` })),
        },
      ],
      volumes: Object.entries(folders).map(([name, path]) => ({
        name,
        hostPath: { path, type: "DirectoryOrCreate" },
      })),
    },
  };
}
