// What a boot leaves on a device in a folder.
import { describe, expect, test } from "vitest";
import {
  baked,
  bootDevice,
  decision,
  device,
  everything,
  file,
  hostname,
  kept,
  line,
  makeNewer,
  named,
} from "../../../test/agent/device/booted-device.ts";
import { folderHost, readDevice } from "../../../test/agent/device/folder-host.ts";
import type { Action } from "../cloud-init/actions.ts";
import { configuredKeys } from "../update/source/configured-keys.ts";

describe("a bad configuration", () => {
  test.each([
    ["is refused, and the last good one counts", "nonsense", /not a configuration/],
    ["that breaks the parser is as bad", "break", /the parser broke: TypeError: no such thing/],
  ])("%s", (_name, text, problem) => {
    const root = device(kept(named("good")));
    bootDevice(root);
    folderHost(root).writeFile("/etc/kubesolo/cloud-init.yaml", text);
    const { printed } = bootDevice(root);
    expect(printed.join("\n")).toMatch(problem);
    expect(hostname(root)).toBe("good");
    expect(line(root)).toContain("NOT USED, the last good one counts instead");
    expect(readDevice(root, "/var/log")["/var/log/kubesolo.log"]).toMatch(problem);
    // It stays for the person who wrote it.
    expect(readDevice(root, "/etc/kubesolo")["/etc/kubesolo/cloud-init.yaml"]).toBe(text);
  });

  test("without a last good one changes nothing that is set", () => {
    const root = device({ ...kept("nonsense"), "etc/kubesolo/hostname": "by-hand\n" });
    bootDevice(root);
    expect(hostname(root)).toBe("by-hand");
    expect(line(root)).toMatch(/^NOT USED, built-in defaults count instead; 1 problem/);
  });
});

describe("what belongs to the configuration", () => {
  test("goes when it isn't asked for any more; what others made stays", () => {
    const root = device({ ...kept(everything), "etc/kubesolo/own.yaml": "x" });
    bootDevice(root);
    folderHost(root).writeFile("/etc/kubesolo/cloud-init.yaml", decision([]));
    bootDevice(root);
    expect(Object.keys(readDevice(root, "/etc/kubesolo"))).not.toContain("/etc/kubesolo/config.yaml");
    // Without a name of its own, the node would be another one.
    expect(hostname(root)).toBe("node");
    expect(readDevice(root, "/etc/kubesolo")["/etc/kubesolo/own.yaml"]).toBe("x");
  });

  test("isn't written again when nothing is new", () => {
    const root = device(kept(everything));
    bootDevice(root);
    const { calls } = bootDevice(root);
    expect(calls.filter((call) => /^(write|remove|append) \/(etc|usr|data)/.test(call))).toEqual([]);
  });

  test("secrets are for root only", () => {
    const root = device(kept(everything));
    bootDevice(root);
    const host = folderHost(root);
    const files = Object.keys(readDevice(root, "/etc/kubesolo"));
    const open = files.filter((path) => host.stat(path)?.mode === 0o644);
    expect(open.map((path) => path.slice("/etc/kubesolo/".length))).toEqual([
      "ca-certificates.crt",
      "hostname",
      "node-labels.json",
      "ntp-servers",
    ]);
  });

  test("what was done once is done again for another instance only", () => {
    const once: Action = {
      do: "run",
      moment: "boot",
      frequency: "once",
      command: ["once"],
      origin: "bootcmd[0]",
    };
    const each: Action = {
      do: "run",
      moment: "boot",
      frequency: "each-boot",
      command: "each",
      origin: "bootcmd[1]",
    };
    const runs = (root: string) =>
      bootDevice(root).calls.flatMap((call) => /once$|each$/.exec(call)?.[0] ?? []);
    const root = device(kept(decision([once, each])));
    expect([runs(root), runs(root)]).toEqual([["once", "each"], ["each"]]);
    folderHost(root).writeFile("/etc/kubesolo/cloud-init.yaml", decision([once, each], "i-2"));
    expect(runs(root)).toEqual(["once", "each"]);
  });

  test.each<[string, Partial<Extract<Action, { do: "write-file" }>>, RegExp]>([
    ["the read-only root", { path: "/etc/motd" }, /the root file system is read-only/],
    [
      "the agent's own books",
      { path: "/etc/kubesolo/agent/owned.json" },
      /the agent notes there what it did/,
    ],
    ["a path that climbs", { path: "/run/../etc/motd" }, /without "\." and "\.\."/],
    ["a user who isn't there", { path: "/run/x", owner: "www:www" }, /no user "www"/],
  ])("a file can't be written to %s, and the rest goes on", (_name, change, problem) => {
    const root = device(
      kept(
        decision([
          { ...file, ...change },
          { ...file, path: "/run/other" },
        ]),
      ),
    );
    const { printed } = bootDevice(root);
    expect(printed.join("\n")).toMatch(problem);
    expect(readDevice(root, "/run/other")).toEqual({ "/run/other": "text\n" });
  });
});

describe("keys for updates", () => {
  const updates = (...keys: string[]) => decision([{ do: "set-updates", updates: { keys } }]);
  const trusted = (root: string) => configuredKeys(folderHost(root));

  test("count in a node's first configuration, and stop to when they go", () => {
    const root = device(kept(updates("one", "two")));
    bootDevice(root);
    bootDevice(root);
    expect(trusted(root)).toEqual(["one", "two"]);
    makeNewer(root, kept(updates("two")));
    bootDevice(root);
    expect(trusted(root)).toEqual(["two"]);
  });

  test.each([
    ["had others", updates("one"), ["one"]],
    ["had none", named("node"), []],
  ])("of a later one don't, when the first %s, and it is told", (_name, first, left) => {
    const root = device(kept(first));
    bootDevice(root);
    makeNewer(root, kept(updates(...left, "thief")));
    const { printed } = bootDevice(root);
    expect(trusted(root)).toEqual(left);
    expect(printed.join("\n")).toMatch(/kubesolo\.updates\.keys: .*thief: only a node's first configuration/);
  });

  test("of the image count, also when a newer image has others", () => {
    const root = device(baked(updates("one")));
    bootDevice(root);
    makeNewer(root, baked(updates("two")));
    bootDevice(root);
    expect(trusted(root)).toEqual(["two"]);
  });

  test("of a stick still count when it is the first that there is", () => {
    const root = device();
    bootDevice(root);
    makeNewer(root, kept(updates("one")));
    bootDevice(root);
    expect(trusted(root)).toEqual(["one"]);
  });
});
