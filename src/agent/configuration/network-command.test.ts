// How long a network may reach nobody: as the configuration or the command line says, in a device whose gateway is silent.
import { rmSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { type FolderHost, folderHost, makeDevice } from "../../../test/agent/device/folder-host.ts";
import { networkCommand } from "./network-command.ts";
import { runBoot } from "./parts.ts";

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

/** After so long the gateway answers. */
const LATER_MS = 400_000;

function bootAndGuard(kubesolo: string, cmdline: string): FolderHost {
  const root = makeDevice({
    "run/kubesolo-os/cmdline": cmdline,
    "proc/net/route": "head\neth0\t00000000\t0100000A\t0003\t0\t0\t100\t00000000\n",
    "sys/class/net/eth0/device/uevent": "DRIVER=virtio_net\n",
    "sys/class/net/eth0/ifindex": "2\n",
    "sys/class/net/eth0/address": "52:54:00:00:00:02\n",
    "sys/class/net/eth0/mtu": "1500\n",
    "sys/class/net/eth0/carrier": "1\n",
    "etc/kubesolo/cloud-init.yaml": `#cloud-config
network: {version: 2, ethernets: {eth0: {addresses: [10.0.0.9/24], gateway4: 10.0.0.1}}}
${kubesolo}
`,
  });
  roots.push(root);
  const host: FolderHost = folderHost(root, {
    run: ([program]) => ({ exitCode: program === "arping" && host.uptime() < LATER_MS ? 1 : 0 }),
  });
  expect(runBoot(host)).toBe(0);
  expect(networkCommand(host, { words: ["guard"], options: new Set() })).toBe(0);
  return host;
}

test.each([
  ["the usual limit without a word", "", "", 120],
  ["the configuration's", "kubesolo: {network_limit: 6}", "", 6],
  ["the command line's", "", "kubesolo.network_limit=8\n", 8],
  [
    "the command line's before the configuration's",
    "kubesolo: {network_limit: 6}",
    "kubesolo.network_limit=8\n",
    8,
  ],
])("gives way after %s", (_name, kubesolo, cmdline, seconds) => {
  const { calls, printed } = bootAndGuard(kubesolo, cmdline);
  const givenUp = printed.findIndex((line) => line.includes("doesn't work: the gateway"));
  expect(givenUp).toBeGreaterThan(0);
  // A question each two seconds, and the one at the end.
  const asked = calls.slice(0, calls.indexOf("/usr/lib/kubesolo-os/services/links stop"));
  expect(asked.filter((call) => call.startsWith("arping")).length).toBe(seconds / 2 + 1);
});

test.each([
  ["configuration", "kubesolo: {network_limit: 0}", ""],
  ["command line", "kubesolo: {network_limit: 6}", "kubesolo.network_limit=0\n"],
])("never gives way when the %s says 0", (_name, kubesolo, cmdline) => {
  const { calls, printed } = bootAndGuard(kubesolo, cmdline);
  expect(calls).not.toContain("/usr/lib/kubesolo-os/services/links stop");
  expect(printed.at(-1)).toBe("init: network: the network's configuration works");
});
