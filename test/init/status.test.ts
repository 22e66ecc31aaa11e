import { expect, test } from "vitest";
import { parseBootTimes } from "../../src/boot-times/times.ts";
import { API_SERVER_PORT, adminKubeconfig } from "../../src/release/engine.ts";
import { runScript, type ScriptSetup } from "./script.ts";

const cmdline = "kubesolo.version=1.2.3 kubesolo.slot=A";
const stages = "initramfs 1.20 3.40\n00-early-mount 3.50 3.61\n90-kubesolo 5.00 5.10\n";
const booted = {
  "run/kubesolo-os/stages": stages,
  "run/hostname": "kiosk-7\n",
  "sys/class/net/eth0/device/x": "",
  "sys/class/net/lo/address": "",
};
const started = { ...booted, "run/kubesolo-os/engine.state": "starting\n" };
const ready = { ...started, "run/kubesolo/ready": "38.2\n" };
const ended = (code: string) => ({
  ...started,
  "run/kubesolo-os/engine.state": "waiting\n",
  "run/kubesolo-os/engine.exit": `${code}\n`,
  "run/kubesolo-os/engine.wait": "60\n",
});
const runStatus = (setup: ScriptSetup) => runScript("services/status", setup);
const address = { IP_SAYS: "2: eth0    inet 10.0.2.15/24 brd 10.0.2.255 scope global eth0\n" };

test("a node that is ready, with all that a person needs to reach it", () => {
  const { output } = runStatus({ cmdline, files: ready, env: address });
  expect(output).toBe(`KubeSolo OS 1.2.3, slot A
  name       kiosk-7
  addresses  eth0 10.0.2.15
  node       Ready, 38.2 s after the engine's start
  data       /dev/vda5, 2900 of 3000 MB free
  boot       5.10 s until the engine was started
  API        https://10.0.2.15:${API_SERVER_PORT}
  kubeconfig ${adminKubeconfig()}
`);
});

test.each([
  [
    "a host that was called otherwise when its node registered",
    { files: { ...ready, "var/lib/kubesolo/kine/node-name": "kubesolo-1a2b3c4d\n" } },
    "name       kiosk-7, in Kubernetes kubesolo-1a2b3c4d\n",
  ],
  [
    "a host that is called as its node",
    { files: { ...ready, "var/lib/kubesolo/kine/node-name": "kiosk-7\n" } },
    "name       kiosk-7\n",
  ],
  [
    "a site's network that is also the cluster's",
    { files: { ...ready, "run/kubesolo/network-overlap": "the network 10.43.0.0/24 of eth0 overlaps\n" } },
    "network    the network 10.43.0.0/24 of eth0 overlaps\n",
  ],
  ["no engine yet", { files: booted }, "node       starting"],
  [
    "an engine that ended",
    {
      files: {
        ...ready,
        "run/kubesolo-os/engine.state": "waiting\n",
        "run/kubesolo-os/engine.exit": "78\n",
        "run/kubesolo-os/engine.wait": "60\n",
      },
    },
    "node       stopped with exit code 78, starts again after 60 s; see /var/log/kubesolo.log",
  ],
  ["an engine that starts", { files: started }, "node       starting"],
  [
    "what the engine found wrong with the machine, and what to do about it",
    {
      files: {
        ...ended("78"),
        "var/log/kubesolo.log":
          "kubesolo: preflight: problem: the disk of /var/lib/kubesolo is full; make room on it\nkubesolo: error: 1 problem\n",
      },
    },
    "why        the disk of /var/lib/kubesolo is full\n  do         make room on it\n",
  ],
  [
    "an engine that ended by itself",
    {
      files: {
        ...ended("1"),
        "var/log/kubesolo.log": "other\nkubesolo: error: kine: no space left on device\n",
      },
    },
    "why        error: kine: no space left on device\n  do         make room: ",
  ],
  [
    "a configuration that the engine doesn't take",
    { files: { ...ended("64"), "var/log/kubesolo.log": "kubesolo: error: unknown flag --x\n" } },
    "why        error: unknown flag --x\n  do         mend config and flags below kubesolo in the node's",
  ],
  [
    "a start that takes longer than it should",
    {
      files: {
        ...started,
        "run/kubesolo-os/engine.since": "100\n",
        uptime: "300\n",
        "var/log/kubesolo.log":
          "kubesolo: engine: still starting: no network interface has got an IPv4 address yet; dns: waits\n",
      },
    },
    "why        no network interface has got an IPv4 address yet\n  do         plug a cable in, or configure the network\n",
  ],
  [
    "what of people's access can't be used",
    { files: { ...ready, "run/kubesolo/access": "the client CA isn't trusted: no certificate\n" } },
    "access     the client CA isn't trusted: no certificate\n",
  ],
  [
    "the fingerprint of the CA",
    { files: { ...ready, "run/kubesolo/ca-fingerprint": "SHA256:abc\n" } },
    "CA         SHA256:abc\n",
  ],
  [
    "an engine that was ready and isn't, when it is asked",
    {
      files: ready,
      args: ["ask"],
      env: { ENGINE_CODE: "1", ENGINE_SAYS: "kine failing the disk is full\nnot ready" },
    },
    "node       not ready: kine failing the disk is full\n  do         make room: ",
  ],
  ["an engine that says it is ready", { files: ready, args: ["ask"] }, "node       Ready, 38.2 s"],
  [
    "the machine's key, in an image with SSH",
    { files: { ...ready, "run/kubesolo-os/ssh-fingerprint": "SHA256:abc\n" }, env: address },
    "ssh        root@10.0.2.15, key SHA256:abc\n",
  ],
  ["no address yet", { files: started }, "addresses  none yet: nobody else reaches this node"],
  [
    "a link that the configuration made, after the cards",
    { files: { ...started, "run/kubesolo-os/made-links": "bond0\n" }, env: address },
    "addresses  eth0 10.0.2.15 eth0 10.0.2.15", // the same answer of the fake for both
  ],
  [
    "state in memory",
    { files: started, cmdline: "kubesolo.nopersist" },
    "data       in memory: everything is lost at the next reboot",
  ],
  [
    "an ISO without a data partition",
    { files: { ...started, "proc/mounts": "tmpfs /data tmpfs rw 0 0\n" } },
    "data       in memory: everything is lost at the next reboot",
  ],
])("%s", (_, setup, line) => {
  const { output } = runStatus(setup);
  expect(output).toContain(`  ${line}`);
});

test("the engine is not asked while it starts, nor unless it is wanted", () => {
  expect(runStatus({ files: started, args: ["ask"] }).calls.join()).not.toContain("kubesolo");
  expect(runStatus({ files: ready }).calls.join()).not.toContain("kubesolo");
});

test("the times of a boot are written so that the factory reads them", () => {
  const text = runScript("services/boot-times", { files: booted }).file("run/kubesolo-os/boot.json") ?? "";
  expect(parseBootTimes(text, "boot.json")).toEqual([
    { name: "initramfs", started: 1.2, ended: 3.4 },
    { name: "00-early-mount", started: 3.5, ended: 3.61 },
    { name: "90-kubesolo", started: 5, ended: 5.1 },
  ]);
});

test.each([
  ["a system on trial", { cmdline: `${cmdline} kubesolo.trial`, files: booted }, "slot A, on trial\n"],
  [
    "an image that people log in to",
    { cmdline, files: { ...booted, "usr/lib/kubesolo-os/authorized-keys": "" } },
    "slot A, DEVELOPMENT IMAGE: people can log in\n",
  ],
  [
    "one that has been confirmed",
    { cmdline: `${cmdline} kubesolo.trial`, files: { ...booted, "run/kubesolo-os/trial-ended": "" } },
    "slot A\n",
  ],
  [
    "the other slot, since the one that was meant is damaged",
    { cmdline: `${cmdline} kubesolo.reason=slot-damaged`, files: booted },
    "slot A, NOT THE ONE THAT WAS MEANT: slot-damaged\n",
  ],
])("the first line tells of %s", (_, setup, end) => {
  expect(runStatus(setup).output.split("\n", 1)[0]).toBe(`KubeSolo OS 1.2.3, ${end.trimEnd()}`);
});

test("a start is given two minutes before anybody is told what it waits for", () => {
  const files = {
    ...started,
    "run/kubesolo-os/engine.since": "250\n",
    uptime: "300\n",
    "var/log/kubesolo.log": "kubesolo: engine: still starting: x\n",
  };
  expect(runStatus({ files }).output).not.toContain("why");
});
