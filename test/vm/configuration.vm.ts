// A node's configuration on a volume: seen in the machine and in its cluster; a bad one; and what a reset forgets.
import { join } from "node:path";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildPath } from "../../src/lib/paths.ts";
import { becomeReady, type Cluster, kubectl } from "../../src/vm/cluster.ts";
import type { Machine } from "../../src/vm/machine.ts";
import { makeAuthority } from "./access.ts";
import { accessPromises } from "./access-promises.ts";
import { bootPartition, changeBootPartition } from "./boot-partition.ts";
import { bad, good, metaData } from "./configuration-texts.ts";
import { writeConfigurationVolume } from "./configuration-volume.ts";
import { bootImage, bootLimit, measure, untilPrints } from "./machine-under-test.ts";

const ManagedNode = v.object({
  metadata: v.object({ managedFields: v.array(v.object({ manager: v.string(), fieldsV1: v.unknown() })) }),
});

const volume = join(buildPath("test"), "configuration.img");
const other = join(buildPath("test"), "configuration.iso");
const withVolumes = [
  { path: volume, serial: "configuration" },
  { path: other, serial: "other" },
];

let cluster: Cluster;
let machine: Machine;

beforeAll(async () => {
  const access = await makeAuthority("mine");
  await makeAuthority("theirs");
  await writeConfigurationVolume("stick", volume, { "user-data": good + access, "meta-data": metaData });
  await writeConfigurationVolume("cd", other, { "user-data": "#cloud-config\nhostname: other\n" });
  cluster = await bootImage("configuration", { readOnlyDisks: withVolumes });
  machine = cluster.machine;
  await measure("first boot with a configuration, power-on to channel", () =>
    machine.succeed("true", bootLimit),
  );
});

afterAll(async () => {
  await machine?.crash();
});

const line = (path: string) => machine.succeed(`cat ${path}`, bootLimit);
const count = async (path: string) => (await line(path)).trimEnd().split("\n").length;

describe("a configuration on a volume", () => {
  test("is what the console says counts", async () => {
    await machine.waitForConsole(/config {5}CIDATA \(\/dev\/vd\w\)\r?\n/, bootLimit);
    expect(await machine.succeed("kubesolo-os-agent status")).toMatch(
      /^configuration +CIDATA \(\/dev\/vd\w\)\n.*barn-1/ms,
    );
  });

  test("is one of two, and the console says which one isn't used", async () => {
    await machine.waitForConsole(
      /warning: cidata \(\/dev\/vdc\) isn't used: CIDATA \(\/dev\/vdb\) comes before it/,
      bootLimit,
    );
  });

  test("names the machine", async () => {
    expect(await machine.succeed("hostname")).toBe("edge-7\n");
  });

  test("writes files, on the disk and in memory", async () => {
    expect(await line("/usr/local/etc/lasting")).toBe("lasting and more");
    expect(await machine.succeed("stat -c %a /usr/local/etc/lasting")).toBe("640\n");
    expect(await line("/run/passing")).toBe("passing");
    const dropIn = "/etc/containerd/conf.d/10-other.toml";
    expect(await machine.succeed(`readlink -f ${dropIn}`)).toBe(
      "/var/lib/kubesolo/etc-containerd/conf.d/10-other.toml\n",
    );
  });

  test("has the machine's clock show its time zone, to all programs", async () => {
    expect(await machine.succeed("date +%z")).toBe("+0530\n");
    expect(await machine.succeed("readlink -f /etc/localtime")).toBe("/usr/share/zoneinfo/Asia/Kolkata\n");
  });

  test("says which time servers are asked", async () => {
    await machine.until("grep -x 'server 10.0.2.77' /run/kubesolo-os/ntpd.conf", bootLimit);
  });

  test("has its password hashed, and keeps nothing else of it", async () => {
    expect(await line("/etc/kubesolo/accounts.json")).toMatch(
      /"passwordHash": "\$6\$[0-9a-f]{16}\$[./\w]{86}"/,
    );
    expect(await line("/etc/kubesolo/cloud-init.yaml")).toMatch(/^password: "\$6\$/m);
    await machine.succeed(
      "! grep -rq Squeamish /etc/kubesolo/ /var/log/ /run/kubesolo-os/configuration.json",
    );
  });

  test("lets nobody log in: no image but that of --ssh has a login", async () => {
    expect(await machine.succeed("netstat -ltn")).not.toMatch(/:22\s/);
    await machine.fail("pgrep -f 'dropbear|getty|login'");
  });

  test("says what of it is left out", async () => {
    await machine.waitForConsole(/warning: .*packages: no effect: the root is immutable/, bootLimit);
  });

  test("lets its volume go", async () => {
    expect(await line("/proc/mounts")).not.toContain("vfat");
  });

  test("runs commands when there is a network, and keeps what they say", async () => {
    await machine.until("grep -q run /usr/local/ran && cat /usr/local/deferred", bootLimit);
    expect(await line("/var/log/cloud-init-output.log")).toContain("said by runcmd\n");
  });

  test("reaches the cluster: name, labels, and how it went", async () => {
    await becomeReady(cluster, bootLimit);
    const node = (path: string) => ["get", "node", "edge-7", `--output=jsonpath={${path}}`];
    await untilPrints(cluster, node(".metadata.labels.site"), /^barn$/);
    expect(await labellers(cluster, "edge-7", "site")).toEqual(["kubesolo"]);
    await untilPrints(cluster, node(".status.runtimeHandlers[*].name"), /\bother\b/);
    expect(await machine.succeed("nslookup registry.local 10.42.0.1")).toContain("192.168.1.5");
    await untilPrints(
      cluster,
      node(".status.conditions[?(@.type=='NodeConfiguration')].reason"),
      /^AppliedWithWarnings$/,
    );
  });
});

accessPromises(() => cluster);

test("a bad one doesn't count: after a power cut, the last good one does, and the console says so", async () => {
  const { options } = machine;
  await machine.succeed("sync");
  await machine.crash();
  await writeConfigurationVolume("stick", volume, { "user-data": bad, "meta-data": metaData });
  await machine.powerOn(options);
  await machine.waitForConsole(/init: configuration: NOT USED, the last good one counts instead/, bootLimit);
  await machine.waitForConsole(/init: configuration: .*user-data:2:/, bootLimit);
  expect(await machine.succeed("hostname", bootLimit)).toBe("edge-7\n");
  expect(await line("/run/passing")).toBe("passing");
  expect(await machine.succeed("kubesolo-os-agent status")).toContain("write_files");
  // bootcmd at each boot, runcmd once in the life of the instance.
  await machine.until("grep -q '\"isOnlineDone\":true' /run/kubesolo-os/configuration.json", bootLimit);
  expect([await count("/usr/local/booted"), await count("/usr/local/ran")]).toEqual([2, 1]);
});

test("its cluster says so, too, by a condition and an event of the node", async () => {
  await becomeReady(cluster, bootLimit);
  const reason = "{.status.conditions[?(@.type=='NodeConfiguration')].reason}";
  await untilPrints(cluster, ["get", "node", "edge-7", `--output=jsonpath=${reason}`], /^LastGoodUsed$/);
  await untilPrints(cluster, ["describe", "node", "edge-7"], /Warning +LastGoodUsed .*user-data:2:/);
});

describe("a reset", () => {
  const marker = "/var/lib/kubesolo/marker";
  const id = () => line("/etc/kubesolo/machine-id");

  test("that keeps the identity, asked for by the command line", async () => {
    const before = await id();
    const { options } = machine;
    await machine.succeed(`touch ${marker}`);
    await changeCommandLine("kubesolo.reset=keep-identity ");
    await machine.crash();
    // Without the volume: the kept copy is what counts.
    await machine.powerOn({ ...options, readOnlyDisks: [] });
    await machine.waitForConsole(/20-persistent-mount: reset: done/, bootLimit);
    expect(await id()).toBe(before);
    expect(await machine.succeed("hostname")).toBe("edge-7\n");
    await machine.fail(`ls ${marker}`);
    // All that is done once is done once more.
    await machine.until("test -s /usr/local/ran", bootLimit);
    expect([await count("/usr/local/booted"), await count("/usr/local/ran")]).toEqual([1, 1]);
    await changeCommandLine("");
  });

  test("that forgets all, asked for by the agent", async () => {
    const before = await id();
    const bootId = await line("/proc/sys/kernel/random/boot_id");
    expect(await machine.fail("kubesolo-os-agent reset")).toContain("--yes");
    machine.console.skipToEnd();
    await machine.execute("kubesolo-os-agent reset --yes").catch(() => {}); // may be gone before it answers
    await machine.waitForConsole(/20-persistent-mount: reset: done/, bootLimit);
    await machine.until(`! grep -q ${bootId.trim()} /proc/sys/kernel/random/boot_id`, bootLimit);
    expect(await id()).not.toBe(before);
    expect(await machine.succeed("hostname")).toMatch(/^kubesolo-[0-9a-f]{8}\n$/);
    await machine.fail("ls /etc/kubesolo/cloud-init.yaml /usr/local/ran /data/reset-requested");
    expect(await machine.succeed("kubesolo-os-agent status")).toContain("built-in defaults");
  });
});

/** Who has set a label of the node: kubelet, when it registered, by the name of its program; or kubectl, later. */
async function labellers(of: Cluster, node: string, label: string): Promise<string[]> {
  const text = await kubectl(of, "get", "node", node, "--show-managed-fields", "--output=json");
  const { metadata } = v.parse(ManagedNode, JSON.parse(text));
  const hasSet = metadata.managedFields.filter(({ fieldsV1 }) =>
    JSON.stringify(fieldsV1).includes(`"f:${label}"`),
  );
  return hasSet.map(({ manager }) => manager);
}

/** Puts a word on the kernel command line of later boots, or takes it away. */
function changeCommandLine(word: string): Promise<void> {
  return changeBootPartition(
    machine,
    `printf '# GRUB Environment Block\nkernel_args=%s\r\n' '${word}' >${bootPartition}/kernel-args.txt`,
  );
}
