// The node's configuration in the stages: when the agent is asked, and that a boot never depends on it.
import { rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { boot } from "../../src/agent/configuration/boot.ts";
import { readReport } from "../../src/agent/configuration/report.ts";
import { places } from "../../src/agent/places.ts";
import { partitionNames } from "../../src/release/partitions.ts";
import { folderHost, makeDevice } from "../agent/device/folder-host.ts";
import { runScript, type ScriptSetup } from "./script.ts";

const { report } = places;
const asksAgent = "timeout -s KILL 60 kubesolo-os-agent boot";

describe("50-network", () => {
  const plain = { "run/x": "", "sys/class/net/eth0/device/x": "", "sys/class/net/eth0/ifindex": "2\n" };
  const files = { ...plain, "etc/kubesolo/cloud-init.yaml": "#cloud-config\n" };
  const calls = (setup: ScriptSetup) => runScript("stages/50-network", { files, ...setup }).calls;

  test.each([
    ["has the agent apply it before there is a network", "", true],
    ["and when the command line has it", "kubesolo.cloudinit=data:QQ==", true],
    [
      "has one that comes over the network applied afterwards",
      "kubesolo.cloudinit=http://boot.example/x",
      false,
    ],
    ["with TLS, too", "kubesolo.cloudinit=https://boot.example/x", false],
  ])("%s", (_name, cmdline, isFirst) => {
    const all = calls({ cmdline });
    expect(all.filter((call) => call === asksAgent)).toHaveLength(1);
    expect(all.indexOf(asksAgent) < all.indexOf("ip link set lo up")).toBe(isFirst);
  });

  test("goes on without the agent, and says so", () => {
    const { calls, messages, exitCode } = runScript("stages/50-network", {
      files,
      env: { FAILING: "timeout" },
    });
    expect(exitCode).toBe(0);
    expect(messages[0]).toContain("the agent failed (code 1): the node's configuration is as before");
    expect(calls).toContain("ip link set eth0 up");
  });

  test.each([
    ["the system's authorities are trusted", {}, "/usr/share/ca-certificates/ca-certificates.crt"],
    [
      "an empty bundle isn't taken",
      { "etc/kubesolo/ca-certificates.crt": "" },
      "/usr/share/ca-certificates/ca-certificates.crt",
    ],
    [
      "or those of the configuration",
      { "etc/kubesolo/ca-certificates.crt": "PEM" },
      "/etc/kubesolo/ca-certificates.crt",
    ],
  ])("%s", (_name, more, bundle) => {
    const after = 'readlink "$ROOT/run/ca-certificates.crt"';
    expect(runScript("stages/50-network", { files: { ...files, ...more }, after }).output).toBe(
      `${bundle}\n`,
    );
  });
});

describe("without any configuration", () => {
  const partition = (name: string) => ({
    [`sys/devices/vda/vda-${name}/partition`]: "1\n",
    [`sys/devices/vda/vda-${name}/uevent`]: `MAJOR=254\nPARTN=1\nPARTNAME=${name}\n`,
  });
  const ours = partitionNames.map(partition);
  const files = Object.assign(
    { "run/kubesolo-os/boot-disk": "vda\n", "sys/devices/vda/device/x": "" },
    ...ours,
  );
  const links = { "sys/class/block/vda": "../../devices/vda" };
  const empty: ScriptSetup = { cmdline: "kubesolo.esp=empty", files, links };
  const kept = "etc/kubesolo/machine-id";
  const otherDisk = (blkid: string) => ({ "sys/class/block/sr0/device/x": "", blkid });
  const configure = (setup: ScriptSetup) => runScript("lib/agent-boot.sh", { ...setup, after: "configure" });

  test.each<[string, ScriptSetup]>([
    ["a disk of ours, and nothing else", empty],
    ["what is no disk beside it", { ...empty, files: { ...files, "sys/class/block/loop0/size": "0\n" } }],
    ["the machine's id", { ...empty, files: { ...files, [kept]: "a1\n" } }],
    ["its key, in an image with SSH", { ...empty, files: { ...files, "etc/kubesolo/ssh-host-key": "" } }],
    [
      "another disk without such a volume",
      { ...empty, files: { ...files, ...otherDisk("/dev/sr0 LABEL=CD\n") } },
    ],
    ["a machine without any disk, started from the network", { files: {} }],
  ])("the agent is spared: %s", (_name, setup) => {
    const { calls, messages } = configure(setup);
    expect(messages).toEqual([]);
    expect(calls).not.toContain(asksAgent);
  });

  test.each<[string, ScriptSetup]>([
    ["the command line names one", { ...empty, cmdline: "kubesolo.esp=empty kubesolo.cloudinit=LABEL=X:/y" }],
    ["GRUB didn't say that the boot partition has none", { files, links }],
    ["one is kept", { ...empty, files: { ...files, "etc/kubesolo/cloud-init.yaml": "" } }],
    ["one was there once", { ...empty, files: { ...files, "etc/kubesolo/agent/owned.json": "[]" } }],
    ["a hidden file is there", { ...empty, files: { ...files, "etc/kubesolo/.x": "" } }],
    ["a network was tried", { ...empty, files: { ...files, "etc/kubesolo/network-trial.json": "{}" } }],
    [
      "manifests were applied",
      { ...empty, files: { ...files, "var/lib/kubesolo/agent/manifests.json": "" } },
    ],
    ["one is baked in", { ...empty, files: { ...files, "usr/lib/kubesolo-os/cloud-init/user-data": "" } }],
    ["a volume is there", { ...empty, files: { ...files, ...otherDisk("/dev/sr0 LABEL=CIDATA\n") } }],
    ["however it is spelled", { ...empty, files: { ...files, ...otherDisk("/dev/sr0 LABEL=CiData\n") } }],
    [
      "it is a partition of our disk",
      { ...empty, files: { ...files, ...partition("mine"), blkid: "/dev/vda6 LABEL=cidata\n" } },
    ],
  ])("the agent is asked when %s", (_name, setup) => {
    expect(configure(setup).calls).toContain(asksAgent);
  });

  test("the report is the one that the agent makes", () => {
    const { file } = runScript("lib/agent-boot.sh", { ...empty, env: { NOW: "5" }, after: "configure" });
    const shell = makeDevice({ [report.slice(1)]: file(report.slice(1)) ?? "" });
    const device = makeDevice({});
    try {
      boot(folderHost(device), () => ({ errors: ["there are no texts"], warnings: [] }), []);
      const agents = readReport(folderHost(device));
      expect(agents?.uses).toBe("defaults");
      expect(readReport(folderHost(shell))).toEqual({ ...agents, appliedMs: 5000 });
      expect(file("run/kubesolo-os/configuration-status")).toBe(
        folderHost(device).readText("/run/kubesolo-os/configuration-status", 100),
      );
    } finally {
      for (const root of [shell, device]) rmSync(root, { recursive: true });
    }
  });
});

describe("90-kubesolo", () => {
  test.each([
    ["the configuration's flags", "", "--debug\n"],
    [
      "those of the command line after them, since the last one counts",
      'kubesolo.flags="--mtu 1400"',
      "--debug --mtu 1400\n",
    ],
  ])("hands over %s", (_name, cmdline, expected) => {
    const files = { "etc/kubesolo/engine-flags": "--debug\n", "proc/meminfo": "MemTotal: 1024000 kB\n" };
    expect(runScript("stages/90-kubesolo", { cmdline, files }).file("run/kubesolo-os/engine-flags")).toBe(
      expected,
    );
  });
});

describe("the second half", () => {
  const run = (files: Readonly<Record<string, string>>) =>
    runScript("services/configuration", { files: { "var/log/x": "", "dev/x": "", ...files } });
  const decided = { "run/kubesolo-os/configuration.json": "{}", "run/kubesolo/ready": "38\n" };
  const online = { ...decided, "run/kubesolo-os/links/102-eth0": "" };

  test("comes when a link has an address, and the node's part when it is Ready", () => {
    expect(run(online).calls).toEqual(["agent online", "agent node"]);
  });

  test("doesn't wait for an address for ever", () => {
    const { calls, file } = run(decided);
    expect(calls.filter((call) => call === "sleep 1")).toHaveLength(120);
    expect(calls.slice(120)).toEqual(["agent online", "agent node"]);
    expect(file("dev/console")).toContain("no link has an address yet");
  });

  test("is tried again when the agent says so, with longer pauses", () => {
    expect(run({ ...online, "agent-fails": "1\n2\n" }).calls).toEqual([
      ...["agent online", "sleep 5", "agent online", "sleep 10", "agent online"],
      "agent node",
    ]);
  });

  test("ends one day", () => {
    const { calls, file } = run({ ...online, "agent-fails": "x\n".repeat(100) });
    expect(calls.filter((call) => call === "agent online")).toHaveLength(9);
    expect(file("var/log/kubesolo.log")).toContain("giving up: kubesolo-os-agent node");
  });

  test("is none when the first half came to nothing", () => {
    expect(run({}).calls).toEqual([]);
  });
});

describe("time", () => {
  const files = { "run/kubesolo-os/ntp-servers": "10.0.2.3\n" };
  const config = (more: Readonly<Record<string, string>>) =>
    runScript("services/time", { files: { ...files, ...more }, after: 'cat "$STATE/ntpd.conf"' }).output;

  test.each([
    [
      "the configuration's servers count before DHCP's",
      { "etc/kubesolo/ntp-servers": "a\nb\n" },
      "server a\nserver b\n",
    ],
    ["DHCP's count when it has none", { "etc/kubesolo/ntp-servers": "" }, "server 10.0.2.3\n"],
    ["the pool's when nobody has any", { "run/kubesolo-os/ntp-servers": "" }, "servers pool.ntp.org\n"],
  ])("%s", (_name, more, expected) => {
    expect(config(more)).toBe(expected);
  });

  test("can be turned off", () => {
    const off = { ...files, "etc/kubesolo/ntp-servers": "off\n" };
    const { calls, messages } = runScript("services/time", { files: off });
    expect(calls).toEqual(["sleep 2147483647"]);
    expect(messages[0]).toContain("turned off by the node's configuration");
  });
});
