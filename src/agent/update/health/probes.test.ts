import { rmSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { configuredFiles } from "../../../../test/agent/device/configured-files.ts";
import { folderHost, makeDevice, type World } from "../../../../test/agent/device/folder-host.ts";
import { lookAtSigns, type Probe } from "./probes.ts";

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

function look(
  probes: readonly Partial<Probe>[],
  world: World = {},
  files: Readonly<Record<string, string>> = {},
) {
  const named = probes.map((probe) => ({ name: "p", ...probe }));
  const root = makeDevice({ ...configuredFiles({ probes: named }), ...files });
  roots.push(root);
  const host = folderHost(root, world);
  return { signs: lookAtSigns(host), calls: host.calls };
}

const pods = (stdout: string): World => ({ run: () => ({ stdout }) });

test.each<[string, Partial<Probe>, World, string | undefined]>([
  ["a page that answers", { http: "http://x/" }, { fetch: () => ({ status: 204 }) }, undefined],
  ["a page that leads elsewhere", { http: "http://x/" }, { fetch: () => ({ status: 302 }) }, undefined],
  [
    "a page with an error",
    { http: "http://x/" },
    { fetch: () => ({ status: 500 }) },
    "http://x/ answers 500",
  ],
  ["nobody", { http: "http://x/" }, {}, "nobody answers at http://x/"],
  ["a port", { tcp: "10.0.0.1:5432" }, {}, undefined],
  ["a closed port", { tcp: "[::1]:5432" }, { run: () => ({ exitCode: 1, stderr: "refused\n" }) }, "refused"],
  ["a program", { exec: ["true"] }, {}, undefined],
  [
    "a program that fails without a word",
    { exec: ["false"] },
    { run: () => ({ exitCode: 3 }) },
    "exit code 3",
  ],
  [
    "a program that hangs",
    { exec: ["sleep"], timeout_seconds: 7 },
    { run: () => ({ isTimedOut: true, exitCode: 137 }) },
    "it took longer than 7 s",
  ],
  ["pods that are ready", { pods: "default/app=web" }, pods("a True\nb True\n"), undefined],
  ["pods that aren't", { pods: "app=web" }, pods("a True\nb False\nc \n"), "not ready: b, c"],
  ["no pods", { pods: "shop/app=web" }, pods(""), "no pod has app=web"],
  [
    "a cluster that is down",
    { pods: "app=web" },
    { run: () => ({ exitCode: 1, stderr: "x\nrefused\n" }) },
    "refused",
  ],
])("%s", (_name, probe, world, problem) => {
  expect(look([probe], world).signs).toEqual([
    { name: "probe p", isRequired: true, ...(problem === undefined ? {} : { problem }) },
  ]);
});

test("asks in time, and for what was named", () => {
  expect(look([{ tcp: "[fe80::1]:80", timeout_seconds: 9 }]).calls).toEqual(["nc -w 9 fe80::1 80"]);
  const [call = ""] = look([{ pods: "example.com/tier=web" }], pods("a True\n")).calls;
  expect(call).toContain("--namespace=default --selector=example.com/tier=web ");
  expect(look([{ pods: "shop/example.com/tier=web" }], pods("a True\n")).calls[0]).toContain(
    "--namespace=shop --selector=example.com/tier=web ",
  );
});

test("scripts decide in one folder, and are only told in the other", () => {
  const files = {
    "/etc/kubesolo/health.d/required.d/10-disk.sh": "",
    "/etc/kubesolo/health.d/required.d/notes.txt": "",
    "/etc/kubesolo/health.d/wanted.d/20-net.sh": "",
  };
  const world: World = {
    run: (args) => (args[1]?.includes("wanted") ? { exitCode: 1, stdout: "no net\n" } : {}),
  };
  expect(look([], world, files).signs).toEqual([
    { name: "script 10-disk.sh", isRequired: true },
    { name: "script 20-net.sh", isRequired: false, problem: "no net" },
  ]);
});

test("a file of probes that nobody can read has none", () => {
  expect(look([], {}, { "/etc/kubesolo/probes.json": "{" }).signs).toEqual([]);
});
