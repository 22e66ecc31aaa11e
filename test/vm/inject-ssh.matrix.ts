// The image of `make inject-ssh`, and what docs/developing.md does with it.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildPath, repository } from "../../src/lib/paths.ts";
import { run } from "../../src/lib/run.ts";
import { chooseForwards } from "../../src/vm/ports.ts";
import { inShell, shownCommand } from "../shown-commands.ts";
import { bootImage } from "./machine-under-test.ts";
import { makeKey, sshWith, untilSshListens } from "./ssh-client.ts";

const folder = buildPath("test/inject-ssh-inputs");
const key = join(folder, "mine");

test("who has the key is root on a box of that image, and copies files to it", async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await makeKey(folder, "mine");
  const own = { "~/.ssh/id_ed25519.pub": `${key}.pub` };
  await run(inShell([shownCommand("developing", "make inject-ssh", own)]), { cwd: repository });
  const forwards = await chooseForwards([22]);
  const { machine: booted } = await bootImage("inject-ssh", { forwards }, { image: "image-baked-ssh" });
  await using machine = booted;
  await untilSshListens(machine);

  const programs = { ssh: sshWith(key, forwards[0]?.hostPort ?? 0) };
  const atDesk = (line: string, input = "") =>
    run(inShell([line], programs), { cwd: folder, env: { HOME: folder }, input });
  const login = shownCommand("developing", "ssh root@192.168.1.12", { "192.168.1.12": "127.0.0.1" });
  expect(await atDesk(login, "id -un\n")).toBe("root\n");
  writeFileSync(join(folder, "notes"), "mine\n");
  await atDesk(shownCommand("developing", "ssh root@…", { "…": "127.0.0.1", FILE: "notes" }));
  expect(await machine.succeed("cat /data/home/root/notes")).toBe("mine\n");
});
