// What others are told of updates: the node's condition, labels and events, and metrics; with Kubernetes there, away, and unwilling.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test, vi } from "vitest";
import {
  boot,
  bundleOf,
  makeRelease,
  makeUpdatableDevice,
  updatableHost,
} from "../../../../test/agent/device/updatable-device.ts";
import { runAgent } from "../../main.ts";

vi.setConfig({ testTimeout: 60_000 });

/** A Kubernetes that keeps what it is told. */
interface Cluster {
  conditions: {
    type: string;
    status: string;
    reason: string;
    message: string;
    lastTransitionTime?: string;
  }[];
  events: { metadata: { name: string }; type: string; reason: string; message: string }[];
  labels: string[];
  /** Commands of kubectl that it refuses. */
  refused?: string;
}

let bundle: Uint8Array;
beforeAll(() => {
  bundle = bundleOf(makeRelease("1.1.0").files);
});

function machine() {
  const root = makeUpdatableDevice({
    ...{ "/bundle.tar": bundle, "/run/hostname": "edge-7\n" },
    "/var/lib/kubesolo/kine/node-name": "edge-7\n",
  });
  onTestFinished(() => rmSync(root, { recursive: true }));
  const cluster: Cluster = { conditions: [], events: [], labels: [] };
  const agent = (args: readonly string[], isHealthy?: () => boolean) => {
    const run = (words: readonly string[], _at: unknown, input?: string) => {
      const [program, kubectl, command] = words;
      if (program !== "kubesolo" || kubectl !== "kubectl") return undefined;
      if (command === cluster.refused) return { exitCode: 1, stderr: "a webhook says no\n" };
      if (command === "label") cluster.labels = words.slice(6);
      if (command === "patch") cluster.conditions.push(...JSON.parse(words.at(-1) ?? "").status.conditions);
      if (command === "apply") cluster.events.push(JSON.parse(input ?? ""));
      return command === "get" && words[3] === "node"
        ? { stdout: cluster.conditions.at(-1)?.status ?? "" }
        : undefined;
    };
    const host = updatableHost(root, { run }, isHealthy);
    return { code: runAgent(host, args, "1.0.0"), said: host.printed.join("\n") };
  };
  const kubernetes = (isThere: boolean) => {
    rmSync(join(root, "run/kubesolo"), { recursive: true, force: true });
    if (!isThere) return;
    mkdirSync(join(root, "run/kubesolo"));
    writeFileSync(join(root, "run/kubesolo/ready"), "12.1\n");
  };
  kubernetes(true);
  const metrics = () => readFileSync(join(root, "run/kubesolo-os/metrics/update.prom"), "utf8");
  return { root, cluster, agent, kubernetes, metrics, condition: () => cluster.conditions.at(-1) };
}

const reasons = ({ events }: Cluster) => events.map(({ type, reason }) => `${type} ${reason}`);

test("an update, from its writing to its confirmation", () => {
  const { root, cluster, agent, metrics, condition } = machine();
  agent(["node"]);
  expect(condition()).toMatchObject({ type: "SystemUpdate", status: "True", reason: "Confirmed" });
  expect(condition()?.message).toBe("1.0.0, slot A: confirmed");
  expect(cluster.labels).toEqual([
    "os.kubesolo.io/version=1.0.0",
    "os.kubesolo.io/slot=A",
    "os.kubesolo.io/development-",
  ]);
  agent(["apply", "/bundle.tar"]);
  expect(condition()?.message).toBe("1.0.0, slot A: confirmed; 1.1.0 in slot B: written");
  agent(["activate"]);
  expect(condition()).toMatchObject({ status: "True", reason: "Waiting" });
  expect(boot(root)).toBe("B");
  agent(["node"]);
  expect(condition()).toMatchObject({ status: "Unknown", reason: "OnTrial" });
  expect(metrics()).toMatch(/^kubesolo_os_update_trial 1$/m);
  agent(["trial", "watch"]);
  expect(condition()).toMatchObject({
    status: "True",
    reason: "Confirmed",
    message: "1.1.0, slot B: confirmed",
  });
  expect(cluster.labels).toEqual([
    "os.kubesolo.io/version=1.1.0",
    "os.kubesolo.io/slot=B",
    "os.kubesolo.io/development-",
  ]);
  expect(reasons(cluster)).toEqual([
    "Normal UpdateApplied",
    "Normal UpdateActivated",
    "Normal UpdateConfirmed",
  ]);
  expect(metrics()).toMatch(
    /^kubesolo_os_info\{version="1\.1\.0",slot="B",profile="vm",kubernetes="v1\.37\.2"\} 1$/m,
  );
  expect(metrics()).toMatch(/^kubesolo_os_update_trial 0$/m);
});

test("a failed one: each of its events once, also those that Kubernetes wasn't there for", () => {
  const { root, cluster, agent, kubernetes, metrics, condition } = machine();
  agent(["update", "/bundle.tar"]);
  kubernetes(false);
  for (const _ of [1, 2, 3]) {
    boot(root);
    agent(["trial", "watch"], () => false);
  }
  expect(boot(root)).toBe("A");
  expect(agent(["trial", "watch"]).code).toBe(0);
  const early = ["Normal UpdateApplied", "Normal UpdateActivated"];
  expect(reasons(cluster)).toEqual(early);
  kubernetes(true);
  for (const _ of [1, 2]) expect(agent(["node"]).code).toBe(0);
  const tries = Array.from({ length: 3 }, () => "Warning UpdateTryFailed");
  expect(reasons(cluster)).toEqual([...early, ...tries, "Warning UpdateFailed"]);
  expect(condition()).toMatchObject({ status: "False", reason: "Failed" });
  expect(condition()?.message).toBe(
    "1.0.0, slot A: confirmed; back from 1.1.0, which failed: tries-exhausted; not tried again by itself: 1.1.0",
  );
  expect(condition()?.lastTransitionTime).toBeUndefined();
  expect(metrics()).toMatch(/^kubesolo_os_update_failed_versions 1$/m);
  expect(metrics()).toMatch(/^kubesolo_os_update_standing\{reason="Failed"\} 0$/m);
});

test.each(["label", "patch", "apply"])(
  "a webhook that refuses to %s fails no command, and is asked again",
  (refused) => {
    const { cluster, agent } = machine();
    cluster.refused = refused;
    const applied = agent(["apply", "/bundle.tar"]);
    expect(applied).toMatchObject({
      code: 0,
      said: expect.stringContaining(`can't be told yet: kubectl ${refused}: a webhook says no`),
    });
    expect(agent(["node"]).code).toBe(1);
    delete cluster.refused;
    expect(agent(["node"]).code).toBe(0);
    expect(reasons(cluster)).toEqual(["Normal UpdateApplied"]);
  },
);

test("a confirmed trial of which Kubernetes doesn't want to hear is told by another call", () => {
  const { root, cluster, agent } = machine();
  agent(["update", "/bundle.tar"]);
  boot(root);
  cluster.refused = "apply";
  expect(agent(["trial", "watch"]).code).toBe(1);
  delete cluster.refused;
  expect(agent(["trial", "watch"]).code).toBe(0);
  expect(reasons(cluster).at(-1)).toBe("Normal UpdateConfirmed");
});

test("programs get all of it from `status --json`", () => {
  const { root, agent } = machine();
  agent(["update", "/bundle.tar"]);
  boot(root);
  const { said } = agent(["status", "--json"]);
  expect(JSON.parse(said.slice(0, said.lastIndexOf("}") + 1))).toMatchObject({
    system: { version: "1.1.0", slot: "B", status: "Unknown", reason: "OnTrial", triesLeft: 2, floor: 1 },
    update: { version: "1.1.0", slot: "B", step: "activated", source: "/bundle.tar" },
    quarantine: [],
  });
});
