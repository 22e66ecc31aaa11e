// `make dev-vm` and `kubesolo-os vm` as docs/developing.md shows them: at a terminal.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildPath, repository } from "../../src/lib/paths.ts";
import { runAnyExit } from "../../src/lib/run.ts";
import { waitFor } from "../../src/lib/wait.ts";
import { attachMachine, type Machine } from "../../src/vm/machine.ts";
import { findFreePort } from "../../src/vm/ports.ts";
import { inShell, shownCommand } from "../shown-commands.ts";
import { openTerminal } from "../terminal.ts";
import { bootLimit } from "./machine-under-test.ts";

const folder = buildPath("test/interactive");

/** Before it boots, what has changed is built. */
const buildLimit = { timeoutMs: 600_000 };
const openAtRoot = (command: string) => openTerminal(inShell([`cd ${repository}`, command]));

async function machineOf(medium: string): Promise<Machine> {
  const machine = await attachMachine(buildPath("vm", medium));
  if (machine === undefined) throw new Error("no machine runs");
  machine.detach();
  return machine;
}

test("its cluster is at hand by the kubeconfig that is taken out of it", async () => {
  rmSync(buildPath("vm/disk"), { recursive: true, force: true });
  const terminal = openAtRoot(shownCommand("developing", "make dev-vm"));
  try {
    const [, kubeconfig = ""] = await terminal.waitFor(/KUBECONFIG=(\S+)/, buildLimit);
    expect(kubeconfig).toBe(buildPath("vm/disk/kubeconfig"));
    const look = inShell([
      shownCommand("developing", "export KUBECONFIG"),
      shownCommand("developing", "build/engine/kubectl get pods"),
    ]);
    const answer = await waitFor({
      ...bootLimit,
      what: () => "the cluster",
      attempt: async () => {
        const { exitCode, stderr } = await runAnyExit(look, { cwd: repository });
        return exitCode === 0 ? stderr : undefined;
      },
    });
    expect(answer).toBe("No resources found\n");
  } finally {
    terminal.type("\x01x");
    await terminal.ended;
  }
});

test("a machine is at the terminal, with its configuration, ports and words, and leaves nothing", async () => {
  mkdirSync(folder, { recursive: true });
  const config = join(folder, "node.yaml");
  writeFileSync(config, "#cloud-config\nhostname: desk-7\n");
  const port = await findFreePort();
  const shown = shownCommand("developing", "bin/kubesolo-os vm", { "node.yaml": config, "8080": `${port}` });
  const terminal = openAtRoot(`${shown} --memory 900 --cpus 1`);
  try {
    await terminal.waitFor(/init: 90-kubesolo: /, buildLimit);
    const machine = await machineOf("disk");
    expect(machine.options).toMatchObject({ memoryMiB: 900, cpus: 1, firmware: "bios" });
    expect(machine.options.forwards).toContainEqual({ hostPort: port, guestPort: 80 });
    expect((await machine.succeed("hostname", bootLimit)).trim()).toBe("desk-7");
    expect(await machine.succeed("cat /proc/cmdline")).toContain(" kubesolo.debug");
    terminal.type("\x01h");
    await terminal.waitFor(/Ctrl-A X leaves, Ctrl-A A sends Ctrl-A\s/, bootLimit);
    terminal.type("\x01x");
    const [code] = await terminal.ended;
    expect([code, terminal.shown()]).toEqual([0, expect.stringContaining("its disk is gone")]);
    expect(machine.isRunning).toBe(false);
    expect(existsSync(buildPath("vm/disk"))).toBe(false);
  } finally {
    terminal.type("\x01x");
    await terminal.ended;
    rmSync(folder, { recursive: true });
  }
});

test("a machine that powers off ends the command, and a disk that is kept is there again", async () => {
  rmSync(buildPath("vm/iso"), { recursive: true, force: true });
  const terminal = openAtRoot(shownCommand("developing", "make dev-vm OPTIONS", { "2048": "2048 --keep" }));
  try {
    await terminal.waitFor(/init: 90-kubesolo: /, buildLimit);
    const machine = await machineOf("iso");
    expect(machine.options).toMatchObject({ memoryMiB: 2048, firmware: "uefi" });
    await machine.succeed("/usr/sbin/mke2fs -q -F /dev/vda && sync", bootLimit);
    // It may be gone before it answers.
    await machine.execute("poweroff").catch(() => {});
    const [code] = await terminal.ended;
    expect([code, terminal.shown()]).toEqual([0, expect.stringContaining("the machine is off")]);
    expect(readFileSync(buildPath("vm/iso/disk.img")).length).toBeGreaterThan(256 * 1024);
  } finally {
    terminal.type("\x01x");
    await terminal.ended;
    rmSync(buildPath("vm/iso"), { recursive: true, force: true });
  }
});
