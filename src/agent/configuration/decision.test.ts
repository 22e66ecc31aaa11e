// People's own files through the whole first half: text, decision, device.
import { rmSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { folderHost, makeDevice, readDevice } from "../../../test/agent/device/folder-host.ts";
import { runAgent } from "../main.ts";
import { makeLoad } from "./decision.ts";
import type { Source } from "./sources/source.ts";

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

const userData = (text: string): Source => ({
  kind: "user-data",
  name: "user-data",
  text: `#cloud-config\n${text}`,
});
const metaData = (text: string): Source => ({ kind: "meta-data", name: "meta-data", text });

function load(...sources: readonly Source[]) {
  const root = makeDevice();
  roots.push(root);
  return makeLoad(folderHost(root))(sources);
}

test("the instance-id of meta-data, whatever the text", () => {
  const ids = ["hostname: a", "hostname: b"].map(
    (text) => load(userData(text), metaData("instance-id: i-7\n")).decision?.instanceId,
  );
  expect(ids).toEqual(["i-7", "i-7"]);
});

test.each([
  ["without meta-data", []],
  ["with meta-data that says none", [metaData("local-hostname: x\n")]],
])("%s each text is an instance of its own", (_name, others) => {
  const ids = ["hostname: a", "hostname: b", "hostname: a"].map(
    (text) => load(userData(text), ...others).decision?.instanceId,
  );
  expect(ids[0]).toMatch(/^text-[0-9a-f]{16}$/);
  expect(ids[2]).toBe(ids[0]);
  expect(ids[1]).not.toBe(ids[0]);
});

test("errors refuse the whole, with their place; warnings don't", () => {
  const { decision, errors } = load(userData("hostname: [a]\n"));
  expect(decision).toBeUndefined();
  expect(errors.join()).toMatch(/^user-data:2:\d+: error: hostname: /);
  const warned = load(userData("hostnam: a\n"));
  expect(warned.decision).toBeDefined();
  expect(warned.warnings.join()).toContain("hostname");
});

test("a network that makes no sense refuses the whole, too", () => {
  const network: Source = { kind: "network-config", name: "network-config", text: "version: 3\n" };
  expect(load(userData(""), network).errors.join()).toContain("network-config:1");
});

test("a file of a person, applied", () => {
  const root = makeDevice({
    "run/kubesolo-os/cmdline": "quiet\n",
    "etc/kubesolo/cloud-init.yaml": `#cloud-config
hostname: edge-7
ntp:
  servers: [time.example]
write_files:
  - path: /usr/local/x
    content: aGk=
    encoding: b64
`,
  });
  roots.push(root);
  const host = folderHost(root);
  expect(runAgent(host, ["boot"], "1")).toBe(0);
  expect(runAgent(host, ["status"], "1")).toBe(0);
  expect(host.printed.at(-1)).toMatch(/^configuration +\/etc\/kubesolo\/cloud-init.yaml\n/);
  const files = { ...readDevice(root, "/etc/kubesolo"), ...readDevice(root, "/usr/local") };
  expect(files).toMatchObject({
    "/etc/kubesolo/hostname": "edge-7\n",
    "/etc/kubesolo/ntp-servers": "time.example\n",
    "/usr/local/x": "hi",
  });
});
