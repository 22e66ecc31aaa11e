import { expect, test } from "vitest";
import { planAccounts, type SystemAccounts } from "./accounts.ts";

const KEY = "ssh-ed25519 AAAA ann@desk";
const system: SystemAccounts = {
  passwd: "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n",
  group: "root:x:0:\ntty:x:5:\nnogroup:x:65534:\n",
  rootKeys: ["ssh-ed25519 BAKED me@desk"],
};
type Accounts = Parameters<typeof planAccounts>[0];
const user = (name: string, more: Partial<Accounts[number]> = {}) => ({
  ...{ name, authorizedKeys: [], groups: [], ...more },
});
const lineOf = (text: string, name: string) => text.split("\n").find((line) => line.startsWith(`${name}:`));

test("without a word of users, root has the image's keys and no password", () => {
  const files = planAccounts([], system, {});
  expect(files.passwd).toBe(
    "root:x:0:0:root:/data/home/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n",
  );
  expect(files.group).toBe(system.group);
  expect(files.shadow).toBe("root:*:::::::\nnobody:*:::::::\n");
  expect(files.homes).toEqual([{ path: "/data/home/root", number: 0, keys: system.rootKeys }]);
  expect(files.numbers).toEqual({});
});

test("a user has a number, a home, keys, a hash and groups", () => {
  const ann = user("ann", { authorizedKeys: [KEY], passwordHash: "$6$a$b", groups: ["tty", "docker"] });
  const files = planAccounts([ann], system, {});
  expect(lineOf(files.passwd, "ann")).toBe("ann:x:1000:1000:ann:/data/home/ann:/bin/sh");
  expect(lineOf(files.shadow, "ann")).toBe("ann:$6$a$b:::::::");
  expect(lineOf(files.group, "ann")).toBe("ann:x:1000:");
  expect(lineOf(files.group, "tty")).toBe("tty:x:5:ann");
  expect(lineOf(files.group, "docker")).toBe("docker:x:1001:ann");
  expect(files.homes[1]).toEqual({ path: "/data/home/ann", number: 1000, keys: [KEY] });
});

test("root of the configuration has its own keys besides the image's, and its hash", () => {
  const files = planAccounts([user("root", { authorizedKeys: [KEY], passwordHash: "$6$r$r" })], system, {});
  expect(files.homes[0]?.keys).toEqual([...system.rootKeys, KEY]);
  expect(lineOf(files.shadow, "root")).toBe("root:$6$r$r:::::::");
});

test("a number stays with its name, whoever comes or goes", () => {
  const first = planAccounts([user("ann"), user("bob")], system, {}).numbers;
  expect(first).toEqual({ ann: 1000, bob: 1001 });
  const second = planAccounts([user("cy"), user("bob")], system, first);
  expect(second.numbers).toEqual({ ann: 1000, bob: 1001, cy: 1002 });
  expect(lineOf(second.passwd, "bob")).toMatch(/^bob:x:1001:/);
});

test("a group that is called as a user is the user's own", () => {
  const { group } = planAccounts([user("ann"), user("bob", { groups: ["ann", "bob"] })], system, {});
  expect(group.match(/^(ann|bob):.*$/gm)).toEqual(["ann:x:1000:bob", "bob:x:1001:"]);
});

test("nobody logs in as a user of the system's own", () => {
  const { passwd, refused } = planAccounts([user("nobody", { authorizedKeys: [KEY] })], system, {});
  expect([passwd.match(/^nobody/gm)?.length, refused]).toEqual([1, ["nobody"]]);
});

test.each([
  [undefined, "/bin/sh"],
  ["/bin/bash", "/bin/sh"],
  ["/usr/bin/zsh", "/bin/sh"],
  ["/usr/sbin/nologin", "/bin/false"],
  ["/bin/false", "/bin/false"],
])("the shell %s is %s here", (shell, here) => {
  const { passwd } = planAccounts([user("ann", shell === undefined ? {} : { shell })], system, {});
  expect(lineOf(passwd, "ann")?.split(":").at(-1)).toBe(here);
});
