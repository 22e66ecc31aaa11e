// The node's configuration in the stages: when the agent is asked, and that a boot never depends on it.
import { describe, expect, test } from "vitest";
import { rootScript, runStage, type StageSetup } from "./stage.ts";

const asksAgent = "timeout -s KILL 60 kubesolo-os-agent boot";

describe("50-network", () => {
  const files = { "run/x": "", "sys/class/net/eth0/device/x": "", "sys/class/net/eth0/ifindex": "2\n" };
  const calls = (setup: StageSetup) => runStage("50-network", { files, ...setup }).calls;

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
    const { calls, messages, exitCode } = runStage("50-network", { files, env: { FAILING: "timeout" } });
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
    expect(runStage("50-network", { files: { ...files, ...more }, after }).output).toBe(`${bundle}\n`);
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
    expect(runStage("90-kubesolo", { cmdline, files }).file("run/kubesolo-os/engine-flags")).toBe(expected);
  });
});

describe("the second half", () => {
  const run = (files: Readonly<Record<string, string>>) =>
    runStage(rootScript("configuration"), { files: { "var/log/x": "", "dev/x": "", ...files } });
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
    runStage(rootScript("time"), { files: { ...files, ...more }, after: 'cat "$STATE/ntpd.conf"' }).output;

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
    const { calls, messages } = runStage(rootScript("time"), { files: off });
    expect(calls).toEqual(["sleep 2147483647"]);
    expect(messages[0]).toContain("turned off by the node's configuration");
  });
});
