// What an update is held to, on a device in a folder: activated with a cluster as it is, tried with one that may be otherwise.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, expect, onTestFinished, test, vi } from "vitest";
import {
  boot,
  bundleOf,
  makeRelease,
  makeUpdatableDevice,
  stateOf,
  tellUnits,
  updatableHost,
} from "../../../../test/agent/device/updatable-device.ts";
import { runAgent } from "../../main.ts";

// A boot on trial to its deadline is some hundred looks.
vi.setConfig({ testTimeout: 60_000 });

/** A row of the answer to the question about pods: "kube-system/dns". */
const row = (pod: string, isReady = true, restarts = 0) => {
  const [namespace, name] = pod.split("/");
  return `${namespace}\t${name}-x\tDaemonSet\t${name}\t\t${isReady ? "True" : "False"}\t2025-01-01T00:00:00Z\t${restarts}\n`;
};

interface Cluster {
  /** Rows, at each question. */
  readonly pods?: () => string;
  readonly status?: () => ReturnType<typeof tellUnits>;
  readonly freeBytes?: number;
}

let bundle: Uint8Array;
beforeAll(() => {
  bundle = bundleOf(makeRelease("1.1.0").files);
});

function run(root: string, args: readonly string[], { pods, status, ...world }: Cluster) {
  const host = updatableHost(root, {
    ...world,
    run: ([program, ...rest]) => {
      if (program === "kubesolo" && rest[0] === "status") return status?.();
      if (!rest.includes("pods")) return undefined;
      if (pods === undefined) return { exitCode: 1, stderr: "connection refused\n" };
      const isOurs = rest.includes("--namespace=kube-system");
      return {
        stdout: pods().replace(/^.*\n/gm, (line) =>
          line.startsWith("kube-system\t") === isOurs ? line : "",
        ),
      };
    },
  });
  const code = runAgent(host, args, "1.0.0");
  return { code, said: host.printed.join("\n"), secondsUp: host.uptime() / 1000 };
}

/** Activated with one cluster, and tried with the other, and after a change to the device. */
function update(before: Cluster, after: Cluster, change: (root: string) => void = () => undefined) {
  const root = makeUpdatableDevice({ "/bundle.tar": bundle });
  onTestFinished(() => rmSync(root, { recursive: true }));
  const { said: saidBefore } = run(root, ["update", "/bundle.tar"], before);
  expect(boot(root)).toBe("B");
  change(root);
  return { ...run(root, ["trial", "watch"], after), saidBefore, trial: stateOf(root)?.trial, root };
}

const both = { pods: () => row("kube-system/router") + row("default/web") };

test("a cluster that is as it was: confirmed after the settle time", () => {
  const { said, trial, secondsUp } = update(both, both);
  expect({ said, trial }).toEqual({ said: expect.stringContaining("1.1.0 is healthy"), trial: undefined });
  expect(secondsUp).toBeLessThan(90);
});

test.each<[string, Cluster, string]>([
  [
    "isn't ready",
    { pods: () => row("kube-system/router", false) + row("default/web") },
    "pods not ready: kube-system/DaemonSet/router",
  ],
  ["can't be asked for", {}, "the pods can't be listed: connection refused"],
])("a pod of the system that %s ends the try", (_name, after, why) => {
  const { code, said, trial } = update(both, after);
  expect({ code, said, trial }).toEqual({
    code: 1,
    said: expect.stringContaining(`not healthy: ${why}; restarting`),
    trial: 2,
  });
});

test("a pod of the system that starts again and again ends the try, though it is ready whenever somebody looks", () => {
  let restarts = 0;
  const { said, trial } = update(both, {
    pods: () => row("kube-system/router", true, restarts++) + row("default/web"),
  });
  expect({ said, trial }).toEqual({
    said: expect.stringContaining("it wasn't well for long enough"),
    trial: 2,
  });
});

test("one that was ill before, and one that nobody knew, decide nothing", () => {
  const before = { pods: () => row("kube-system/router", false) };
  let restarts = 0;
  const after = {
    pods: () => row("kube-system/router", false, restarts++) + row("kube-system/miner", false),
  };
  expect(update(before, after).trial).toBeUndefined();
});

test("people's pods are waited for to the deadline, and told", () => {
  const { said, trial, secondsUp, root } = update(both, {
    pods: () => row("kube-system/router") + row("default/web", false),
  });
  expect(said).toContain("waiting for what was there before: pods not ready: default/DaemonSet/web");
  expect(said).toContain(
    "counts from now on, though not all is as before: pods not ready: default/DaemonSet/web",
  );
  expect(trial).toBeUndefined();
  expect(secondsUp).toBeGreaterThanOrEqual(600);
  expect(run(root, ["history"], {}).said).toContain(
    "slot B: not as before: pods not ready: default/DaemonSet/web",
  );
});

test("they are waited for no longer than they need", () => {
  let looks = 0;
  const { said, secondsUp } = update(both, {
    pods: () => row("kube-system/router") + row("default/web", looks++ > 30),
  });
  expect(said).not.toContain("not all is as before");
  expect(secondsUp).toBeLessThan(200);
});

test("an API that can't be asked at the activation is told, and the pods decide nothing", () => {
  const { saidBefore, trial } = update({}, { pods: () => row("kube-system/router", false) });
  expect(saidBefore).toContain("connection refused: the new system is not held to the system's pods");
  expect(trial).toBeUndefined();
});

test("a network that stays away is waited for, and decides nothing", () => {
  const { said, trial, secondsUp } = update(both, both, (root) =>
    rmSync(join(root, "run/kubesolo-os/links/eth0")),
  );
  expect({ said, trial }).toEqual({
    said: expect.stringContaining("not all is as before: no link has an address"),
    trial: undefined,
  });
  expect(secondsUp).toBeGreaterThanOrEqual(600);
});

test("a card without a driver ends the try", () => {
  const { said, trial } = update(both, both, (root) =>
    rmSync(join(root, "sys/class/net/eth0"), { recursive: true }),
  );
  expect({ said, trial }).toEqual({
    said: expect.stringContaining("no driver for the network card virtio:d00000001v00001AF4"),
    trial: 2,
  });
});

test("a unit of the engine that was ill for long decides nothing, another one does", () => {
  const ill = (name: string) => ({ ...both, status: () => tellUnits(false, name) });
  const long = (root: string) => {
    // The books of an update that was activated on a machine that had been up for long.
    const file = join(root, "data/update/books.json");
    mkdirSync(dirname(file), { recursive: true });
    const host = updatableHost(root);
    writeFileSync(
      file,
      host.readText("/data/update/books.json", 65_536).replace('"ill": []', '"ill": ["dns"]'),
    );
  };
  expect(update(ill("dns"), ill("dns"), long).trial).toBeUndefined();
  expect(update(both, ill("dns")).said).toContain("not healthy: dns: not ready");
});

test("an engine that says that it can't is beyond hope, unless people have filled the disk", () => {
  const stopped = (root: string) => {
    writeFileSync(join(root, "run/kubesolo-os/engine.state"), "waiting\n");
    writeFileSync(join(root, "run/kubesolo-os/engine.exit"), "78\n");
  };
  const down = { status: () => tellUnits(false) };
  expect(update(both, down, stopped).said).toContain("going back to slot A");
  const { said, trial } = update(both, { ...down, freeBytes: 1_000_000 }, stopped);
  expect({ said, trial }).toEqual({
    said: expect.stringContaining("not healthy: the data partition is full; kubelet: not ready; restarting"),
    trial: 2,
  });
});
