// An image of `build --ssh`: who logs in, and who doesn't; and that the machine is known by its key and its mark.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildPath } from "../../src/lib/paths.ts";
import { run, runAnyExit } from "../../src/lib/run.ts";
import { apiGuestPort, becomeReady, type Cluster } from "../../src/vm/cluster.ts";
import type { Machine } from "../../src/vm/machine.ts";
import { chooseForwards } from "../../src/vm/ports.ts";
import { machineFiles } from "../../src/vm/qemu-args.ts";
import { makeReleases, updatableImage } from "../../src/vm/update-releases.ts";
import { waitOn } from "../../src/vm/vigil.ts";
import { inShell, shownCommand } from "../shown-commands.ts";
import { writeConfigurationVolume } from "./configuration-volume.ts";
import { bootImage, bootLimit } from "./machine-under-test.ts";
import { makeKey, sshWith, untilSshListens } from "./ssh-client.ts";
import { makeStick } from "./update-stick.ts";

const folder = buildPath("test/ssh-inputs");
const key = (name: string) => join(folder, name);
const password = "Squeamish-Ossifrage";
let port: number;
let cluster: Cluster;
let machine: Machine;

function ssh(name: string, user: string, command: string) {
  return runAnyExit([...sshWith(key(name), port), `${user}@127.0.0.1`, command], { env: { HOME: folder } });
}

beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await makeKey(folder, "mine");
  await makeKey(folder, "theirs");
  const anns = await makeKey(folder, "anns");
  const { second } = await makeReleases(["--ssh", `${key("mine")}.pub`], "-ssh");
  const hash = await run(inShell([`${shownCommand("developing", "openssl passwd")} ${password}`]));
  const volume = join(folder, "configuration.img");
  await writeConfigurationVolume("stick", volume, {
    "user-data": `#cloud-config
users:
  - name: ann
    ssh_authorized_keys: [${anns}]
    lock_passwd: false
    plain_text_passwd: ${password}
    groups: [tty, operators]
    shell: /bin/bash
  - name: ben
    lock_passwd: false
    passwd: ${hash.trim()}
`,
  });
  const forwards = await chooseForwards([apiGuestPort, 22]);
  port = forwards[1]?.hostPort ?? 0;
  const readOnlyDisks = [
    { path: volume, serial: "configuration" },
    { path: await makeStick(second), serial: "update" },
  ];
  cluster = await bootImage("ssh", { readOnlyDisks, forwards }, { image: `${updatableImage}-ssh` });
  machine = cluster.machine;
  await untilSshListens(machine);
}, 1_200_000);

afterAll(async () => {
  await machine?.crash();
});

describe("with a key", () => {
  test("its owner is root", async () => {
    const { exitCode, stdout } = await ssh("mine", "root", "id -un; pwd; kubesolo-os-agent --version");
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/^root\n\/data\/home\/root\nkubesolo-os-agent /),
    ]);
  });

  test("a user of the configuration is who they are", async () => {
    const { exitCode, stdout } = await ssh(
      "anns",
      "ann",
      "id -un; id -Gn | tr ' ' '\\n' | sort; echo mine >notes; stat -c %u notes",
    );
    expect([exitCode, stdout]).toEqual([0, "ann\nann\noperators\ntty\n1000\n"]);
  });

  test.each([
    ["another key", "theirs", "root"],
    ["a user's key, for root", "anns", "root"],
    ["root's key, for a user", "mine", "ann"],
    ["a name that nobody has", "mine", "nosuch"],
  ])("nobody else: %s", async (_name, who, user) => {
    const { exitCode, stdout } = await ssh(who, user, "id");
    expect([exitCode, stdout]).toEqual([1, ""]);
  });
});

test("passwords don't count from the network: only keys are asked for", async () => {
  const { stderr } = await ssh("theirs", "ann", "id");
  expect(stderr).toMatch(/No auth methods could be used|\(publickey\)/);
});

describe("at the serial console", () => {
  const type = async (text: string) => {
    const socket = connect(join(machine.directory, machineFiles.console));
    await once(socket, "connect");
    socket.end(text);
    await once(socket, "close");
  };
  /** Enter has the login come forward, once somebody listens again; the engine's words may stand between. */
  const login = async (user: string, text: string) => {
    machine.console.skipToEnd();
    await waitOn(machine, {
      what: () => "a login on the console",
      ...bootLimit,
      everyMs: 2000,
      attempt: async () => {
        if (/ login: /.test(machine.console.read())) return true;
        await type("\r");
        return undefined;
      },
    });
    await type(`${user}\r`);
    await machine.waitForConsole(/Password: /, bootLimit);
    await type(`${text}\r`);
  };

  test("nobody logs in with a wrong password, nor root, who has none", async () => {
    await login("ann", "wrong");
    await machine.waitForConsole(/Login incorrect/, bootLimit);
    await login("root", "");
    await machine.waitForConsole(/Login incorrect/, bootLimit);
  });

  test.each([
    ["a password", "ann"],
    ["the hash of one", "ben"],
  ])("a user logs in whom the configuration gives %s", async (_what, user) => {
    await login(user, password);
    await machine.waitForConsole(/~ \$ /, bootLimit);
    await type("echo I am $(id -un) at $(tty); exit\r");
    await machine.waitForConsole(new RegExp(`I am ${user} at /dev/ttyS0`), bootLimit);
    expect(machine.console.read()).not.toContain(password);
  });
});

describe("the machine says what it is", () => {
  test("on the console, with its key's fingerprint", async () => {
    await machine.waitForConsole(/KubeSolo OS \S+, slot A, DEVELOPMENT IMAGE: people can log in/, bootLimit);
    const [, shown] = await machine.waitForConsole(/ssh {8}root@10\.0\.2\.15, key (SHA256:\S+)/, bootLimit);
    const known = readFileSync(join(folder, ".ssh/known_hosts"), "utf8").split(" ");
    const digest = createHash("sha256")
      .update(Buffer.from(known[2] ?? "", "base64"))
      .digest("base64");
    expect(shown).toBe(`SHA256:${digest.replace(/=+$/, "")}`);
  });

  test("in /etc/os-release", async () => {
    expect(await machine.succeed("cat /etc/os-release")).toMatch(
      /^VARIANT="Development image with SSH"\nVARIANT_ID="vm-development"$/m,
    );
  });

  test("by a label of its node", async () => {
    await becomeReady(cluster, bootLimit);
    const programs = { kubectl: [cluster.kubectl, "--kubeconfig", cluster.kubeconfig] };
    const find = inShell([shownCommand("developing", "kubectl get nodes")], programs);
    await expect.poll(() => run(find), { timeout: bootLimit.timeoutMs }).toMatch(/^\S+ +Ready /m);
  });
});

describe("key, home and numbers are the same", () => {
  const keySum = "cat /etc/kubesolo/ssh-host-key | sha256sum";
  const expectSame = async (before: string) => {
    await untilSshListens(machine);
    expect(await machine.succeed(keySum)).toBe(before);
    // The client holds the machine's key against what it noted.
    const { exitCode, stdout, stderr } = await ssh("anns", "ann", "cat notes");
    expect([exitCode, stdout, stderr]).toEqual([0, "mine\n", expect.not.stringContaining("mismatch")]);
  };

  test("after a power cut", async () => {
    await machine.succeed("sync");
    const before = await machine.succeed(keySum);
    const { options } = machine;
    await machine.crash();
    await machine.powerOn(options);
    await expectSame(before);
  });

  test("in the other slot, after an update", async () => {
    const before = await machine.succeed(keySum);
    await machine.succeed("kubesolo-os-agent apply", { timeoutMs: 600_000 });
    await machine.succeed("kubesolo-os-agent activate", bootLimit);
    await machine.reboot(bootLimit);
    expect(await machine.succeed("cat /proc/cmdline", bootLimit)).toContain("kubesolo.slot=B");
    await expectSame(before);
  });
});
