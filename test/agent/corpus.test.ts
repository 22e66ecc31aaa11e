// Files as people write them for Ubuntu, Proxmox, Raspberry Pis, MAAS, Terraform with libvirt, K3s and Harvester: nearly all are
// used, and of each key that can't have its effect here there is a word.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadConfig } from "../../src/agent/cloud-init/load.ts";
import { keysOf } from "../../src/agent/cloud-init/located.ts";
import { parseYaml } from "../../src/agent/cloud-init/parse.ts";
import { nodeDecoder } from "../../src/image/baked/node-decoder.ts";

const folder = new URL("corpus", import.meta.url).pathname;
const names = readdirSync(folder).sort();
const textOf = (name: string) => readFileSync(join(folder, name), "utf8");
const load = (text: string) =>
  loadConfig({ "user-data": { file: "user-data", text } }, { decoder: nodeDecoder });

/** What they ask for is so anyway. */
const ANYWAY = [
  ...[
    "manage_etc_hosts",
    "growpart",
    "resize_rootfs",
    "preserve_hostname",
    "create_hostname_file",
    "disable_root",
  ],
  ...["chpasswd", "groups", "swap", "ca_certs", "ntp"],
];

test("nine of ten are used", () => {
  const used = names.filter((name) => load(textOf(name)).decision !== undefined);
  expect(names.length).toBeGreaterThanOrEqual(60);
  expect(names.filter((name) => !used.includes(name))).toEqual([
    "kairos-stages.yaml",
    "netplan-at-the-top.yaml",
  ]);
  expect(used.length / names.length).toBeGreaterThanOrEqual(0.9);
});

describe("a key that changes nothing is told of", () => {
  test.each(names)("%s", (name) => {
    const text = textOf(name);
    const { decision, problems } = load(text);
    if (decision === undefined) return;
    const { root } = parseYaml({ file: "user-data", text });
    for (const key of root === undefined ? [] : keysOf(root)) {
      const isSaid = !new RegExp(`^${key}: (?:false|no|\\[\\]|\\{\\})$`, "m").test(text);
      // The full name has the hostname in it.
      if (
        ANYWAY.includes(key) ||
        !isSaid ||
        (key === "hostname" && text.includes("\nfqdn:")) ||
        (key === "users" && /^users:\n {2}- default$/m.test(text))
      )
        continue;
      const without = text.replace(new RegExp(`^${key}:.*\\n(?:[ -].*\\n)*`, "m"), "");
      const isIdle = JSON.stringify(load(without).decision) === JSON.stringify(decision);
      const isTold = problems.some(
        ({ path }) => path === key || path.startsWith(`${key}.`) || path.startsWith(`${key}[`),
      );
      if (isIdle) expect(isTold, `${key} is told of`).toBe(true);
    }
  });
});
