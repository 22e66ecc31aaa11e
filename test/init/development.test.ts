// What only an image with SSH has.
import { describe, expect, test } from "vitest";
import { runScript } from "./script.ts";

const KEY = "etc/kubesolo/ssh-host-key";
const FINGERPRINT = "run/kubesolo-os/ssh-fingerprint";

describe("accounts", () => {
  test("are made by the agent, and take the place of the image's", () => {
    const { calls } = runScript("development/accounts");
    expect(calls).toEqual([
      "agent accounts",
      ...["passwd", "group", "shadow"].map(
        (name) => `mount --bind /run/kubesolo-os/accounts/${name} /etc/${name}`,
      ),
    ]);
  });

  test("stay the image's when the agent fails, and the console says so", () => {
    const { calls, file } = runScript("development/accounts", {
      files: { "agent-fails": "once\n", "dev/console": "" },
    });
    expect(calls).toEqual(["agent accounts"]);
    expect(file("dev/console")).toContain("the agent failed (code 1): nobody can log in");
  });
});

describe("ssh", () => {
  const serve = `dropbear -F -E -s -r /${KEY} -p 22`;

  test("makes the machine's key at the first boot, and serves with it, without passwords", () => {
    const { calls, file } = runScript("development/ssh", { files: { [`${KEY}.new`]: "torn" } });
    expect([file(KEY), file(FINGERPRINT)]).toEqual(["new\n", "SHA256:new\n"]);
    expect(calls).toContain(serve);
  });

  test("keeps it", () => {
    const { calls, file } = runScript("development/ssh", { files: { [KEY]: "old\n" } });
    expect([file(KEY), file(FINGERPRINT)]).toEqual(["old\n", "SHA256:old\n"]);
    expect(calls.join()).not.toContain("-t ed25519");
  });

  test("makes another one when it has rotted", () => {
    expect(runScript("development/ssh", { files: { [KEY]: "" } }).file(KEY)).toBe("new\n");
  });

  test("serves nobody without a key, and tries again later", () => {
    const { calls, messages } = runScript("development/ssh", { env: { FAILING: "dropbearkey" } });
    expect(calls).not.toContain(serve);
    expect(messages.join()).toContain("cannot make the machine's key");
    expect(calls).toContain("sleep 60");
  });
});

describe("the login", () => {
  test.each([
    ["is on the serial console", "tty0 ttyS0\n", "getty -L -w 0 ttyS0 vt100"],
    ["is on the only one", "ttyS1\n", "getty -L -w 0 ttyS1 vt100"],
    ["is on a hypervisor's console", "tty1 hvc0\n", "getty -L -w 0 hvc0 vt100"],
    ["is nowhere without one", "tty0\n", "sleep 2147483647"],
  ])("%s", (_name, active, call) => {
    const { calls } = runScript("development/login", { files: { "sys/class/tty/console/active": active } });
    expect(calls).toEqual([call]);
  });
});
