// Whether a boot installs the system, and what follows: init's half of it.
import { expect, test } from "vitest";
import { runScript } from "./script.ts";

const ISO = "kubesolo.root=LABEL=KSOLOISO";
const wished = { "etc/kubesolo/install.json": "{}" };
/** `agent install` answers so; what ends the machine is written down. */
const after = (answer: string) =>
  `agent() { record agent "$@"; ${answer}; }; sleep() { :; }; sync() { record sync; }
   reboot() { record reboot "$@"; }; poweroff() { record poweroff "$@"; }; install_if_asked`;

test.each([
  [
    "from the ISO, when the configuration asks for it",
    ISO,
    wished,
    "echo poweroff",
    ["agent install", "sync", "poweroff -f"],
  ],
  ["with the end that is wished for", ISO, wished, "echo reboot", ["agent install", "sync", "reboot -f"]],
  ["once: it is on the disk already", ISO, wished, ":", ["agent install"]],
  ["not where it is refused", ISO, wished, "return 1", ["agent install"]],
  ["not from the disk that it is on", "kubesolo.root=PARTLABEL=KSOLOA", wished, "echo reboot", []],
  ["not from the network", "kubesolo.root=initramfs", wished, "echo reboot", []],
  ["not unless it is asked for", ISO, {}, "echo reboot", []],
])("the system is installed %s", (_name, cmdline, files, answer, calls) => {
  const result = runScript("lib/install.sh", { cmdline, files, after: after(answer) });
  expect(result.calls).toEqual(calls);
  expect(result.messages.join("\n")).toMatch(
    answer === "return 1" ? /nothing was installed: going on/ : /^$/,
  );
});

/** A person at a terminal, which a file is here. */
function dialogue(typed: string, answer = "echo reboot", console = "ttyS0") {
  const { calls, messages } = runScript("lib/install.sh", {
    cmdline: `${ISO} kubesolo.install`,
    files: { "sys/class/tty/console/active": `${console}\n`, "dev/ttyS0": typed },
    after: `. "$LIB/devices.sh"; ANSWER_SECONDS=${typed === "" ? 2 : 500}; load_device_modules() { :; }; ${after(`if [ "$2" = --list ]; then [ "$3" != bad ]; else ${answer}; fi`)}`,
  });
  return { calls: calls.filter((call) => !call.startsWith("kill ")), messages: messages.join("\n") };
}

const asked = (...disks: string[]) => ["", ...disks].map((disk) => `agent install --list ${disk}`.trim());

test.each([
  ["a disk and yes", "sda\nyes\n", [...asked("sda"), "agent install --erase sda", "sync", "reboot -f"]],
  [
    "no at first",
    "sda\nno\nsdb\nyes\n",
    [...asked("sda", "sdb"), "agent install --erase sdb", "sync", "reboot -f"],
  ],
  [
    "a disk that can't be taken, and then one that can",
    "bad\nsdb\nyes\n",
    [...asked("bad", "sdb"), "agent install --erase sdb", "sync", "reboot -f"],
  ],
  ["nothing", "\n", ["agent install --list"]],
])("who sits at the console says %s", (_name, typed, calls) => {
  expect(dialogue(typed).calls).toEqual(calls);
});

test("an installation that fails lets the boot go on", () => {
  const { calls, messages } = dialogue("sda\nyes\n", "return 1");
  expect(calls).toEqual([...asked("sda"), "agent install --erase sda"]);
  expect(messages).toContain("nothing was installed: going on from the medium");
});

test("where nobody answers, the boot goes on by itself", () => {
  const { calls, messages } = dialogue("", "echo reboot", "ttyS9");
  expect(calls).toEqual([]);
  expect(messages).toMatch(/nobody chose a disk\n.*going on from the medium/);
});
