// Passwords in plain text: hashed before anything is kept, and nowhere as they were written.
import { expect, test } from "vitest";
import { device, line, stick, volumes } from "../../../test/agent/device/booted-device.ts";
import { folderHost, readDevice, type World } from "../../../test/agent/device/folder-host.ts";
import { boot } from "./boot.ts";
import { makeLoad } from "./decision.ts";
import { readReport } from "./report.ts";

const KEPT = "/etc/kubesolo/cloud-init.yaml";
const ACCOUNTS = "/etc/kubesolo/accounts.json";

/** mkpasswd, but for its mathematics: what it prints doesn't have the password in it. */
const world = (userData: string): World => {
  const { run, ...rest } = volumes({ "/dev/sda": { "user-data": userData } }, stick);
  return {
    ...rest,
    run: (args, at, input) => {
      if (args[0] !== "mkpasswd") return run?.(args, at, input);
      expect(args).not.toContain(input);
      return { stdout: `$6$${args[4]}$${"x".repeat((input ?? "").length)}\n` };
    },
  };
};

function start(root: string, userData?: string) {
  const host = folderHost(root, userData === undefined ? {} : world(userData));
  boot(host, makeLoad(host), []);
  const everything = JSON.stringify(readDevice(root, "/")) + host.printed.join("\n");
  return { everything, id: readReport(host)?.instanceId, kept: readDevice(root, KEPT)[KEPT] ?? "" };
}

const accounts = (root: string) => JSON.parse(readDevice(root, ACCOUNTS)[ACCOUNTS] ?? "[]");
const hash = (length: number) => expect.stringMatching(new RegExp(`^\\$6\\$[0-9a-f]{16}\\$x{${length}}$`));

test.each<[string, string, Record<string, unknown>]>([
  ["password", "password: Squeamish1\n", { kubesolo: hash(10) }],
  ["password in quotes", 'password: "Squeamish: #1"\n', { kubesolo: hash(13) }],
  [
    "a user's",
    "users:\n  - {name: a, plain_text_passwd: Squeamish1, lock_passwd: false} # who\n",
    { a: hash(10) },
  ],
  [
    "with hyphens, after an umlaut",
    "# ä\u{1f600}\nusers:\n  - name: a\n    plain-text-passwd: 'Squeamish''1'\n    lock-passwd: no\n",
    { a: hash(11) },
  ],
  [
    "of a mapping of users",
    "users: {a: {plain_text_passwd: Squeamish1, lock_passwd: false}}\n",
    { a: hash(10) },
  ],
  [
    "the default user's",
    "user: {name: a, plain_text_passwd: Squeamish, lock_passwd: false}\n",
    { a: hash(9) },
  ],
  [
    "of chpasswd",
    "chpasswd:\n  expire: false\n  users:\n    - {name: a, password: Squeamish, type: text}\n",
    { a: hash(9) },
  ],
  [
    "lines",
    "chpasswd:\n  expire: false\n  list: |\n    a:Squeamish\n    b:Ossifrage1\n    c:$6$salt$hash\nhostname: x\n",
    { a: hash(9), b: hash(10), c: "$6$salt$hash" },
  ],
  [
    "a list of lines",
    "chpasswd:\n  list:\n    - a:Squeamish\n    - |\n      b:Ossifrage1\n",
    { a: hash(9), b: hash(10) },
  ],
  [
    "by an alias",
    "password: &p Squeamish\nusers: [default, {name: a, plain_text_passwd: *p, lock_passwd: no}]\n",
    { kubesolo: hash(9), a: hash(9) },
  ],
  ["of one letter that stands for none elsewhere", "password: x\n", { kubesolo: hash(1) }],
  ["with a tag", "password: !!str Squeamish\n", { kubesolo: hash(9) }],
  ["with a tag and an anchor", "password: &a !!str 'Squeamish'\n", { kubesolo: hash(9) }],
  ["that goes on in column 1", 'password: "Squea\nmish"\nhostname: n\n', { kubesolo: hash(10) }],
  [
    "after lines that end otherwise",
    "hostname: n\r\npassword: Squeamish\rfqdn: n.example\r\n",
    { kubesolo: hash(9) },
  ],
  ["of digits", "password: 12345\n", { kubesolo: hash(5) }],
  ["locked", "users: [{name: a, plain_text_passwd: Squeamish}]\n", { a: undefined }],
  ["where a hash belongs", "users: [{name: a, passwd: Squeamish, lock_passwd: false}]\n", { a: undefined }],
  ["that does not count", "password: Squeamish\nchpasswd: {list: ['a:Ossifrage']}\n", { a: hash(9) }],
])("%s: no text of it is left, and the kept copy comes to the same", (_name, body, passwords) => {
  const root = device();
  const first = start(root, `#cloud-config\n${body}`);
  expect(line(root)).toBe("cidata (/dev/sda)");
  expect(first.everything).not.toMatch(/Squeamish|Ossifrage/);
  const told = () =>
    Object.fromEntries(
      accounts(root).map((each: Record<string, unknown>) => [each["name"], each["passwordHash"]]),
    );
  expect(told()).toMatchObject(passwords);
  const before = told();
  const again = start(root, `#cloud-config\n${body}`);
  expect([again.kept, again.id, told()]).toEqual([first.kept, first.id, before]);
  const withoutStick = start(root);
  expect([withoutStick.kept, withoutStick.id, told()]).toEqual([first.kept, first.id, before]);
});

test("one that can't be hashed is nobody's, and told", () => {
  const root = device();
  const { run, ...rest } = world("#cloud-config\npassword: Squeamish\n");
  const host = folderHost(root, {
    ...rest,
    run: (args, at, input) => (args[0] === "mkpasswd" ? { exitCode: 1 } : run?.(args, at, input)),
  });
  boot(host, makeLoad(host), []);
  expect(host.printed.join("\n")).toContain("a password could not be hashed");
  expect(JSON.stringify(readDevice(root, "/"))).not.toContain("Squeamish");
  expect(accounts(root)).toMatchObject([{ name: "kubesolo", passwordHash: "!" }]);
});
