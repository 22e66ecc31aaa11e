// What the agent takes for the system's programs, users and groups is what the image has: `config check` warns of others.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { systemGroups, systemPrograms, systemUsers } from "../../src/agent/cloud-init/programs.ts";
import { AGENT_PROGRAMS } from "../../src/image/agent.ts";
import { prepareGroup } from "../../src/image/debian/packages.ts";
import { busybox, PROGRAMS } from "../../src/image/rootfs.ts";
import { sourcePath } from "../../src/lib/paths.ts";

test("the system's programs are those of the image", async () => {
  const applets = (await busybox(await prepareGroup("rootfs"))).map(([path]) => path);
  const links = ["usr/bin/kubesolo", "usr/bin/kubectl", "usr/sbin/init"];
  const names = [...applets, ...PROGRAMS, ...links].map((path) => path.replace(/^.*\//, ""));
  expect([...systemPrograms()].sort()).toEqual([...new Set([...names, ...AGENT_PROGRAMS])].sort());
});

test.each([
  ["passwd", systemUsers],
  ["group", systemGroups],
])("the names of /etc/%s are the image's", (file, names) => {
  const lines = readFileSync(sourcePath("rootfs/etc", file), "utf8").trim().split("\n");
  expect(lines.map((line) => line.split(":")[0])).toEqual(names);
});
