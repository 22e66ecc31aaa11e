import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderHost, makeDevice, readDevice } from "../../../test/agent/device/folder-host.ts";
import { runAgent } from "../main.ts";

const files = {
  "etc/passwd": "root:x:0:0:root:/root:/bin/sh\n",
  "etc/group": "root:x:0:\n",
  "usr/lib/kubesolo-os/authorized-keys": "ssh-ed25519 BAKED me@desk\n",
};
const ann = { name: "ann", authorizedKeys: ["ssh-ed25519 AAAA"], groups: [], passwordHash: "$6$a$b" };
const withAnn = { ...files, "etc/kubesolo/accounts.json": JSON.stringify([ann]) };

function start(root: string) {
  const host = folderHost(root);
  return { code: runAgent(host, ["accounts"], "1.2.3"), ...host };
}

test("an image without keys has no login", () => {
  const { "usr/lib/kubesolo-os/authorized-keys": _, ...plain } = withAnn;
  const { code, calls, printed } = start(makeDevice(plain));
  expect([code, calls]).toEqual([1, []]);
  expect(printed.join()).toContain("this image has no login");
});

test("users of the configuration have their files, which only root can read where there is a secret in them", () => {
  const root = makeDevice(withAnn);
  expect(start(root).code).toBe(0);
  const made = readDevice(root, "/run/kubesolo-os/accounts");
  expect(made["/run/kubesolo-os/accounts/shadow"]).toContain("ann:$6$a$b:");
  expect(made["/run/kubesolo-os/accounts/passwd"]).toContain("ann:x:1000:1000:");
  expect(statSync(join(root, "run/kubesolo-os/accounts/shadow")).mode & 0o777).toBe(0o600);
  expect(readDevice(root, "/data/home")).toEqual({
    "/data/home/ann/.ssh/authorized_keys": "ssh-ed25519 AAAA\n",
    "/data/home/root/.ssh/authorized_keys": "ssh-ed25519 BAKED me@desk\n",
  });
});

test("a second boot writes nothing on the disk", () => {
  const root = makeDevice(withAnn);
  start(root);
  expect(
    start(root).calls.filter((call) => /\/data\/|\/etc\//.test(call) && !/makeDirectory|mkdir/.test(call)),
  ).toEqual([]);
});

test("a link that a user put in the place of their keys is not followed", () => {
  const root = makeDevice(withAnn);
  start(root);
  const folder = join(root, "data/home/ann/.ssh");
  rmSync(folder, { recursive: true });
  mkdirSync(join(root, "elsewhere"));
  writeFileSync(join(root, "elsewhere/authorized_keys"), "theirs\n");
  symlinkSync("../../../elsewhere", folder);
  start(root);
  expect(readFileSync(join(root, "elsewhere/authorized_keys"), "utf8")).toBe("theirs\n");
  expect(readFileSync(join(folder, "authorized_keys"), "utf8")).toBe("ssh-ed25519 AAAA\n");
});

test.each(["not json", '[{"name": 1}]'])("accounts that have rotted leave root's keys: %s", (text) => {
  const root = makeDevice({ ...files, "etc/kubesolo/accounts.json": text });
  expect(start(root).code).toBe(0);
  expect(Object.keys(readDevice(root, "/data/home"))).toEqual(["/data/home/root/.ssh/authorized_keys"]);
});
