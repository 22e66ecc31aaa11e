// What BusyBox init supervises after the stages, and the emergency shell.
import { describe, expect, test } from "vitest";
import { runScript } from "./script.ts";

describe("the pause before the engine is started again", () => {
  test.each([
    ["is short after the first failure", 0, 1, 5],
    ["doubles", 1, 1, 10],
    ["doubles again", 4, 1, 80],
    ["has a limit", 6, 1, 300],
    ["has a limit, however often it failed", 1000, 1, 300],
    ["is longer when only a person can mend it", 0, 78, 60],
    ["doubles then, too", 1, 64, 120],
    ["has the same limit then", 9, 65, 300],
  ])("%s", (_name, failures, code, seconds) => {
    const after = `pause_after ${failures} ${code}`;
    expect(runScript("lib/back-off.sh", { after }).output).toBe(`${seconds}\n`);
  });
});

describe("engine", () => {
  const files = {
    "run/kubesolo-os/engine-flags": "--debug\n",
    "run/kubesolo-os/engine.failures": "3\n",
    "var/log/kubesolo.log": "before\n",
    "dev/console": "",
    uptime: "100",
  };
  const ready = "kubesolo: engine: ready in 4.2 s (api 1.0)";

  test.each<[string, Record<string, string>, string]>([
    ["waits longer each time it fails", { ENGINE_CODE: "1" }, "40"],
    ["waits the shortest time after it was ready", { ENGINE_CODE: "1", ENGINE_SAYS: ready }, "5"],
    [
      "waits the shortest time after it was up for ten minutes",
      { ENGINE_CODE: "1", ENGINE_SECONDS: "701" },
      "5",
    ],
    [
      "is not taken for ready by what others say of it",
      { ENGINE_SAYS: "x kubesolo: engine: ready in 4 s" },
      "40",
    ],
  ])("%s", (_name, env, pause) => {
    const { calls, file } = runScript("services/engine", { files, env });
    expect(calls).toEqual(["kubesolo --debug", `sleep ${pause}`]);
    expect(file("run/kubesolo-os/engine.state")).toBe("waiting\n");
    expect(file("run/kubesolo-os/engine.wait")).toBe(`${pause}\n`);
    expect(file("run/kubesolo-os/engine.exit")).toBe(`${env["ENGINE_CODE"] ?? 0}\n`);
    expect(file("var/log/kubesolo.log")).toContain("before\n");
  });

  test("says what it ended with, where everyone looks", () => {
    const { file } = runScript("services/engine", {
      files,
      env: { ENGINE_CODE: "78", ENGINE_SAYS: "why" },
    });
    const said = "why\nengine: ended with exit code 78; starting it again in 300 s\n";
    expect(file("var/log/kubesolo.log")).toBe(`before\n${said}`);
    expect(file("dev/console")).toContain("exit code 78");
  });
});

describe("the log", () => {
  test.each([
    ["a pipe", "mkfifo"],
    ["a folder", "mkdir"],
    ["a link", "ln -s ../../dev/console"],
  ])("takes the place of %s that a pod has put there", (_name, make) => {
    const files = { "dev/console": "", "var/log/other": "" };
    const after = `rm -f "$LOG"; ${make} "$LOG"; echo line | tell_log; cat "$LOG"`;
    expect(runScript("lib/base.sh", { files, after })).toMatchObject({
      exitCode: 0,
      output: "line\n",
      messages: [],
    });
  });
});

describe("chores", () => {
  const log = "var/log/kubesolo.log";

  test.each([
    ["a short log stays", "line\n", "line\n", undefined],
    ["a long log is kept once and begun anew", "line 1\nline 2\n", "", "line 1\nline 2\n"],
  ])("%s", (_name, text, now, before) => {
    const { file } = runScript("lib/log-rotation.sh", {
      files: { [log]: text },
      after: `rotate "$ROOT/${log}" 10`,
    });
    expect(file(log)).toBe(now);
    expect(file(`${log}.1`)).toBe(before);
  });

  test("what a pod has put in the old one's place goes", () => {
    const after = `mkfifo "$ROOT/${log}.1"; rotate "$ROOT/${log}" 2`;
    const { exitCode, file } = runScript("lib/log-rotation.sh", { files: { [log]: "line\n" }, after });
    expect({ exitCode, before: file(`${log}.1`) }).toEqual({ exitCode: 0, before: "line\n" });
  });

  test("a log that isn't there is no trouble", () => {
    expect(runScript("lib/log-rotation.sh", { after: 'rotate "$ROOT/no"' })).toMatchObject({
      exitCode: 0,
      messages: [],
    });
  });

  test.each<[string, Record<string, string>, string[]]>([
    [
      "nobody looks for updates unless told to",
      { "etc/kubesolo/updates.json": '{\n  "source": "/x"\n}\n' },
      [],
    ],
    ["nor without a configuration", {}, []],
    [
      "the agent does where it is",
      { "etc/kubesolo/updates.json": '{\n  "auto": true\n}\n' },
      ["agent update --scheduled"],
    ],
  ])("%s", (_name, files, calls) => {
    const after = "update_if_wanted; wait";
    expect(
      runScript("lib/scheduled-update.sh", { files: { "dev/console": "", ...files }, after }).calls,
    ).toEqual(calls);
  });

  test.each([
    ["0f3c9a7e55d14c0b8a2fd3b1c4e5001d", "14"],
    ["0f3c9a7e55d14c0b8a2fd3b1c4e5001e", "0"],
  ])("each machine has its own minute: %s", (id, minute) => {
    const setup = { files: { "run/machine-id": `${id}\n` }, after: "own_minute" };
    expect(runScript("lib/scheduled-update.sh", setup).output).toBe(`${minute}\n`);
  });

  const skipped = "no reply received in time, skipping initial time setting\n";
  test.each<[string, string, string[]]>([
    ["the time daemon begins anew if nobody answered it", skipped, ["kill 42"]],
    ["it goes on if somebody answered later", `${skipped}clock is now synced\n`, []],
    ["it goes on if it set the clock", "set local clock to Wed Nov 25 (offset 9.0s)\n", []],
  ])("%s", (_name, said, expected) => {
    const files = { "run/kubesolo-os/ntpd.log": said, "run/kubesolo-os/ntpd.pid": "42\n" };
    expect(runScript("lib/clock.sh", { files, after: "retry_time" }).calls).toEqual(expected);
  });
});

describe("a boot that ends", () => {
  const end = "die broken";

  test("says why, on the serial port and on the screen, and reboots by itself", () => {
    const { calls, messages, file } = runScript("lib/base.sh", { files: { "dev/tty1": "" }, after: end });
    expect(messages).toEqual(["init: base: broken", "init: base: rebooting in 10 s"]);
    expect(file("dev/tty1")).toBe(messages.map((line) => `${line}\n`).join(""));
    expect(calls).toEqual(["sleep 10", "reboot -f"]);
  });

  test("offers a shell on each console with kubesolo.shell, and reboots when one is left", () => {
    const files = { "sys/class/tty/console/active": "tty0 ttyS0\n", "dev/tty1": "", "dev/ttyS0": "" };
    const { calls, messages } = runScript("lib/base.sh", { cmdline: "kubesolo.shell", files, after: end });
    expect(messages).toContain("init: base: starting a shell; leave it to reboot");
    expect(calls.filter((call) => call === "setsid -c sh")).toHaveLength(2);
    expect(calls).toContain("reboot -f");
  });
});
