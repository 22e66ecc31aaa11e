// The second half, and the node's part, on a device in a folder.
import { rmSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import {
  folderHost,
  makeDevice,
  PowerCut,
  readDevice,
  type World,
} from "../../../test/agent/device/folder-host.ts";
import type { Action, Decision } from "../cloud-init/actions.ts";
import { boot } from "./boot.ts";
import type { Load } from "./choice.ts";
import { configureNode } from "./node.ts";
import { online } from "./online.ts";

const load: Load = (sources) => ({
  decision: JSON.parse(sources[0]?.text ?? "") as Decision,
  errors: [],
  warnings: ["user-data:7: unknown key"],
});

const runcmd: Action = {
  do: "run",
  moment: "online",
  frequency: "once",
  command: "echo hi",
  origin: "runcmd",
};
const deferred: Action = {
  do: "write-file",
  moment: "online",
  frequency: "once",
  path: "/usr/local/late",
  content: { encoding: "text", text: "secret words" },
  mode: 0o600,
  append: false,
  isSecret: true,
};
const labels: Action = { do: "set-node-labels", labels: { site: "barn" } };

/** A part that says how many actions there are. */
const countActions = (_host: unknown, { actions }: Decision) => [`${actions.length} actions`];

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

/** A device after its first half. */
function booted(actions: readonly Action[]): string {
  const text = JSON.stringify({ instanceId: "i-1", actions });
  const root = makeDevice({ "etc/kubesolo/cloud-init.yaml": text, "run/hostname": "edge-7\n" });
  roots.push(root);
  boot(folderHost(root), load, []);
  return root;
}

describe("online", () => {
  test("writes what was put off, then runs commands, and notes that it is done", () => {
    const root = booted([deferred, runcmd]);
    const host = folderHost(root);
    expect(online(host, [])).toBe(0);
    expect(readDevice(root, "/usr/local")).toEqual({ "/usr/local/late": "secret words" });
    expect(host.calls.findIndex((call) => call.startsWith("write /usr/local/late"))).toBeLessThan(
      host.calls.findIndex((call) => call.endsWith("sh -c echo hi")),
    );
    expect(readDevice(root, "/run/kubesolo-os")["/run/kubesolo-os/configuration.json"]).toContain(
      '"isOnlineDone":true',
    );
  });

  test("a command that fails is told and not run again", () => {
    const root = booted([runcmd]);
    const world: World = { run: (args) => (args.at(-1) === "echo hi" ? { exitCode: 3 } : undefined) };
    const host = folderHost(root, world);
    expect(online(host, [])).toBe(0);
    expect(host.printed.join()).toContain(
      "runcmd: ended with exit code 3; /var/log/cloud-init-output.log has what it said",
    );
    const again = folderHost(root, world);
    online(again, []);
    expect(again.calls.filter((call) => call.endsWith("echo hi"))).toEqual([]);
  });

  test("one that can't be started is told and not run again, too", () => {
    const root = booted([runcmd]);
    const missing = Object.assign(new Error("no such program"), { name: "HostError", code: "ENOENT" });
    const world: World = {
      run: () => {
        throw missing;
      },
    };
    const host = folderHost(root, world);
    expect(online(host, [])).toBe(0);
    expect(host.printed.join()).toContain("runcmd: no such program");
    const again = folderHost(root, world);
    online(again, []);
    expect(again.calls.filter((call) => call.endsWith("echo hi"))).toEqual([]);
  });

  test("one that never ends is ended", () => {
    const world: World = { run: () => ({ exitCode: 137, isTimedOut: true }) };
    const host = folderHost(booted([runcmd]), world);
    online(host, []);
    expect(host.printed.join()).toContain("took more than 3600 s and was ended");
  });

  test("one that a power cut ends is run again", () => {
    const root = booted([runcmd]);
    const cut: World = {
      run: () => {
        throw new PowerCut("in the middle");
      },
    };
    expect(() => online(folderHost(root, cut), [])).toThrow(PowerCut);
    const host = folderHost(root);
    online(host, []);
    expect(host.calls.filter((call) => call.endsWith("echo hi"))).toHaveLength(1);
  });

  test("other areas come first: they may have to put the network back", () => {
    const seen: string[] = [];
    const host = folderHost(booted([runcmd]), {
      run: () => {
        seen.push("run");
        return undefined;
      },
    });
    const part = () => {
      seen.push("part");
      return ["network: put back"];
    };
    online(host, [part]);
    expect(seen).toEqual(["part", "run"]);
    expect(host.printed.join()).toContain("network: put back");
  });

  test("nothing to do before the first half", () => {
    const root = makeDevice();
    roots.push(root);
    expect(online(folderHost(root), [])).toBe(0);
  });
});

describe("node", () => {
  const cluster: World = {
    run: (args) => (args.includes("get") ? { stdout: "node/old\nnode/edge-7\n" } : undefined),
  };
  const kubectl = (calls: readonly string[]) => calls.filter((call) => /label|patch/.test(call));

  test("gets its labels, and how it went", () => {
    const host = folderHost(booted([labels]), cluster);
    expect(configureNode(host, [])).toBe(0);
    const [label, patch] = kubectl(host.calls.filter((call) => call.startsWith("kubesolo")));
    expect(label).toBe("kubesolo kubectl label node edge-7 --overwrite site=barn");
    expect(patch).toMatch(
      /^kubesolo kubectl patch node edge-7 --subresource=status --patch .*"reason":"AppliedWithWarnings"/,
    );
  });

  test("has an event when something is wrong, which is told again until the API takes it", () => {
    const root = booted([{ ...deferred, moment: "boot", path: "/etc/motd" }]);
    const told: string[] = [];
    const refuse = (exitCode: number): World => ({
      run: (args, _at, input) => {
        if (args.includes("get")) return cluster.run?.(args, String);
        if (args.includes("apply")) told.push(input ?? "");
        return args.includes("apply") ? { exitCode } : undefined;
      },
    });
    expect(configureNode(folderHost(root, refuse(1)), [])).toBe(1);
    expect(configureNode(folderHost(root, refuse(0)), [])).toBe(0);
    expect(told).toHaveLength(2);
    expect(told.map((text) => JSON.parse(text).metadata.name)[0]).toMatch(/^edge-7\.configuration-/);
    expect(JSON.parse(told[0] ?? "").metadata).toEqual(JSON.parse(told[1] ?? "").metadata);
    expect(told[0]).toContain("the root file system is read-only");
  });

  test("loses a label that was taken out of the configuration", () => {
    const root = booted([labels]);
    configureNode(folderHost(root, cluster), []);
    const none = JSON.stringify({ instanceId: "i-1", actions: [] });
    folderHost(root).writeFile("/etc/kubesolo/cloud-init.yaml", none);
    boot(folderHost(root), load, []);
    const host = folderHost(root, cluster);
    configureNode(host, []);
    expect(host.calls).toContain("kubesolo kubectl label node edge-7 --overwrite site-");
  });

  test("is asked for again when the API isn't there", () => {
    const host = folderHost(booted([labels]), { run: () => ({ exitCode: 1, stderr: "connection refused" }) });
    expect(configureNode(host, [])).toBe(1);
    expect(host.printed.join()).toContain("kubectl label: connection refused");
  });
});

describe("other areas' parts of a node", () => {
  test("are called without a configuration, too: an image may have manifests", () => {
    const root = makeDevice({ "run/hostname": "edge-7\n" });
    roots.push(root);
    boot(folderHost(root), load, []);
    const host = folderHost(root);
    expect(configureNode(host, [countActions])).toBe(1);
    expect(host.printed.join()).toContain("0 actions");
  });

  test("are not called when what there is can't be used: nothing is to be removed then", () => {
    const root = makeDevice({ "etc/kubesolo/cloud-init.yaml": "hello", "run/hostname": "edge-7\n" });
    roots.push(root);
    boot(folderHost(root), () => ({ errors: ["user-data:1: no"], warnings: [] }), []);
    const host = folderHost(root);
    configureNode(host, [countActions]);
    expect(host.printed.join()).not.toContain("actions");
  });
});
