// What a reset deletes and keeps, and that it is done to its end.
import { describe, expect, test } from "vitest";
import { runScript, type ScriptSetup } from "./script.ts";

const state = {
  "data/kubesolo/kine/state.db": "",
  "data/containerd/x": "",
  "data/log/kubesolo.log": "",
  "data/usr-local/x": "",
  "data/clock": "",
  "data/update/books.json": "",
  "data/update/keys/2.json": "",
  "data/update/trusted-keys.json": "",
  "data/update/writer.json": "",
  "data/update/snapshots/A-1.0.0/pki/ca.key": "",
  "data/.hidden": "",
  "data/lost+found/x": "",
  "data/etc-kubesolo/machine-id": "",
  "data/etc-kubesolo/ssh-host-key": "",
  "data/home/ann/notes": "",
  "data/etc-kubesolo/hostname": "",
  "data/etc-kubesolo/cloud-init.yaml": "",
  "data/etc-kubesolo/cloud-init.json": "",
  "data/etc-kubesolo/network.json": "",
  "data/etc-kubesolo/config.yaml": "",
  "data/etc-kubesolo/agent/instance.json": "",
};
const identity = [
  "cloud-init.json",
  "cloud-init.yaml",
  "hostname",
  "machine-id",
  "network.json",
  "ssh-host-key",
];
const asked = (kind: string) => ({ "data/reset-requested": kind });

function reset(setup: ScriptSetup) {
  const after = `reset_if_asked; cd "$ROOT/data" && find . -type f | sort`;
  const { output, messages, calls } = runScript("lib/reset.sh", {
    ...setup,
    files: { ...state, ...setup.files },
    after,
  });
  return {
    left: output
      .split("\n")
      .filter((path) => path !== "")
      .map((path) => path.slice(2)),
    messages,
    calls,
  };
}

const all = Object.keys(state)
  .map((path) => path.slice("data/".length))
  .sort();
/** What failed here; not the copies of a cluster. */
const always = ["lost+found/x", "update/books.json", "update/keys/2.json"];
const identityLeft = [...identity.map((name) => `etc-kubesolo/${name}`), ...always];

test.each<[string, string, Record<string, string>, string[]]>([
  ["nothing is deleted unless somebody asks", "", {}, all],
  ["the command line asks for all", "kubesolo.reset", {}, always],
  ["or for all but the identity", "kubesolo.reset=keep-identity", {}, identityLeft],
  ["the agent asks for all", "", asked("all\n"), always],
  ["or for all but the identity, too", "", asked("keep-identity\n"), identityLeft],
  ["what asks for more counts: the command line", "kubesolo.reset", asked("keep-identity\n"), always],
  ["what asks for more counts: the agent", "kubesolo.reset=keep-identity", asked("all\n"), always],
  ["a word that is none isn't taken for one", "kubesolo.reset=all", {}, all],
  ["a request that makes no sense deletes nothing", "", asked("everything\n"), all],
  ["nor does an empty one", "", asked(""), all],
])("%s", (_name, cmdline, files, left) => {
  expect(reset({ cmdline, files }).left).toEqual(left);
});

test("a request that makes no sense is told", () => {
  const { messages } = reset({ files: asked("x") });
  expect(messages[0]).toContain('not a request to reset: "x" of /data/reset-requested');
});

test("what is in use isn't touched", () => {
  const files = { "proc/mounts": "x /etc/kubesolo x\n" };
  expect(reset({ cmdline: "kubesolo.reset", files }).left).toEqual(all);
});

describe("an interrupted reset", () => {
  /** The power goes when this command is run for the nth time. */
  const until = (command: string, nth: number) => `
    n=0
    ${command}() { n=$((n + 1)); [ $n -lt ${nth} ] || exit 1; command ${command} "$@"; }
    (reset_if_asked)
    unset -f ${command}
    rm -f "$STATE/cmdline"
    echo request: $(cat "$ROOT/data/reset-requested")`;

  test.each([
    ["before anything is gone", "rm", 1],
    ["in the middle", "rm", 3],
    ["before the request is taken back", "rm", 7],
  ])("%s is ended by the next boot, which nobody asks again", (_name, command, nth) => {
    const again = 'reset_if_asked; cd "$ROOT/data" && find . -type f | sort | tr "\\n" " "';
    const { output } = runScript("lib/reset.sh", {
      cmdline: "kubesolo.reset",
      files: state,
      after: `${until(command, nth)}; ${again}`,
    });
    expect(output).toBe("request: all\n./lost+found/x ./update/books.json ./update/keys/2.json ");
  });
});

test("20-persistent-mount resets before anything is bound", () => {
  const { calls, messages } = runScript("stages/20-persistent-mount", {
    cmdline: "kubesolo.reset kubesolo.nopersist",
    files: state,
  });
  expect(messages).toContain("init: 20-persistent-mount: reset: done");
  expect(calls.lastIndexOf("sync")).toBeLessThan(calls.findIndex((call) => call.startsWith("mount --bind")));
});
