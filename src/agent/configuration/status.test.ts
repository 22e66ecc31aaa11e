import { rmSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { folderHost, makeDevice } from "../../../test/agent/device/folder-host.ts";
import type { Action, Decision } from "../cloud-init/actions.ts";
import { boot } from "./boot.ts";
import { status } from "./status.ts";

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

const asked = (...options: string[]) => ({ words: [], options: new Set(options) });

test("says where it came from, what is wrong, and no word of the texts", () => {
  const file: Action = {
    do: "write-file",
    moment: "boot",
    frequency: "once",
    path: "/etc/motd",
    content: { encoding: "text", text: "secret words" },
    mode: 0o600,
    append: false,
    isSecret: true,
  };
  const decision: Decision = { instanceId: "i-1", actions: [file] };
  const root = makeDevice({ "etc/kubesolo/cloud-init.yaml": JSON.stringify(decision) });
  roots.push(root);
  const host = folderHost(root);
  boot(host, () => ({ decision, errors: [], warnings: ["user-data:7: unknown key"] }), []);
  host.printed.length = 0;
  expect(status(host, asked())).toBe(0);
  const printed = host.printed.join("\n");
  expect(printed).toMatch(/^configuration +\/etc\/kubesolo\/cloud-init.yaml; 1 problem/);
  expect(printed).toMatch(/^problem +write_files: \/etc\/motd: the root file system is read-only/m);
  expect(printed).toMatch(/^warning +user-data:7: unknown key$/m);
  expect(printed).not.toContain("secret words");
  expect(status(host, asked("--json"))).toBe(0);
  expect(host.printed.at(-1)).not.toContain("secret words");
  expect(JSON.parse(host.printed.at(-1) ?? "")).toMatchObject({ uses: "found", instanceId: "i-1" });
});

test("fails in a boot without a configuration yet", () => {
  const root = makeDevice();
  roots.push(root);
  expect(status(folderHost(root), asked())).toBe(1);
});
