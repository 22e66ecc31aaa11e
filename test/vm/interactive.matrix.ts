// `kubesolo-os vm` as a person has it: at a terminal, which script(1) is here.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readBuiltImage } from "../../src/lib/built.ts";
import { buildPath, sourcePath } from "../../src/lib/paths.ts";
import { run } from "../../src/lib/run.ts";
import { waitFor } from "../../src/lib/wait.ts";
import { attachMachine } from "../../src/vm/machine.ts";
import { bootLimit } from "./machine-under-test.ts";

const folder = buildPath("test/interactive");

/** A terminal in which the command runs. */
function atTerminal(...args: string[]) {
  const command = [sourcePath("bin/kubesolo-os"), "vm", ...args].join(" ");
  const child = spawn("script", ["--quiet", "--return", "--flush", "--command", command, "/dev/null"]);
  let shown = "";
  child.stdout.on("data", (piece: Buffer) => {
    shown += piece.toString();
  });
  return {
    ended: once(child, "close"),
    type: (keys: string) => child.stdin.write(keys),
    shown: () => shown,
    waitFor: (pattern: RegExp) =>
      waitFor({
        ...bootLimit,
        what: () => `${pattern}; shown: ${shown.slice(-1000)}`,
        attempt: () => pattern.exec(shown) ?? undefined,
      }),
  };
}

test("a machine is at the terminal, with its configuration, ports, words and kubeconfig, and leaves nothing", async () => {
  mkdirSync(folder, { recursive: true });
  const config = join(folder, "node.yaml");
  writeFileSync(config, "#cloud-config\nhostname: desk-7\n");
  const terminal = atTerminal("--config", config, "--debug", "--memory", "900", "--cpus", "1");
  try {
    await terminal.waitFor(/init: 90-kubesolo: /);
    const machine = await attachMachine(buildPath("vm/disk"));
    if (machine === undefined) throw new Error("no machine runs");
    machine.detach();
    expect(machine.options).toMatchObject({ memoryMiB: 900, cpus: 1, firmware: "bios" });
    expect((await machine.succeed("hostname", bootLimit)).trim()).toBe("desk-7");
    expect(await machine.succeed("cat /proc/cmdline")).toContain(" kubesolo.debug");
    const kubeconfig = buildPath("vm/disk/kubeconfig");
    await waitFor({
      ...bootLimit,
      what: () => "the kubeconfig",
      attempt: () => existsSync(kubeconfig) || undefined,
    });
    await waitFor({
      ...bootLimit,
      what: () => "the node",
      attempt: () =>
        run([readBuiltImage().kubectl, "--kubeconfig", kubeconfig, "get", "node", "desk-7"]).catch(
          () => undefined,
        ),
    });
    terminal.type("\x01h");
    await terminal.waitFor(/Ctrl-A X leaves, Ctrl-A A sends Ctrl-A\s/);
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
  const terminal = atTerminal("--iso", "--uefi", "--keep");
  try {
    await terminal.waitFor(/init: 90-kubesolo: /);
    const machine = await attachMachine(buildPath("vm/iso"));
    if (machine === undefined) throw new Error("no machine runs");
    machine.detach();
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
