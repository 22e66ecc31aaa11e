// What init does for updates: it starts the agent only when there is something to do.
import { describe, expect, test } from "vitest";
import { runScript } from "./script.ts";

const books = (step: string) => ({ "data/update/books.json": `{\n "note": {\n  "step": "${step}"\n }\n}\n` });
const writer = (slot: string, version: string) => ({
  "data/update/writer.json": `{"slot":"${slot}","version":"${version}","kubernetes":"v1.37.2","isConfirmed":true}\n`,
});

const keptWriter = (slot: string, version: string) => ({
  "data/update/writer.json": `{"slot":"${slot}","version":"${version}","kubernetes":"v1.37.2","isConfirmed":true,"isKept":true}\n`,
});

describe("the service", () => {
  const watched = ["agent trial watch"];
  test.each<[string, string, Record<string, string>, string[]]>([
    ["no update was ever made", "kubesolo.slot=A", {}, []],
    ["one is only written", "kubesolo.slot=A", books("written"), []],
    ["one was activated", "kubesolo.slot=A", books("activated"), watched],
    ["GRUB took the other slot", "kubesolo.slot=A kubesolo.reason=slot-damaged", {}, watched],
    ["another system ran before", "kubesolo.slot=A", { "run/kubesolo-os/other-system": "" }, watched],
    ["the trial has been ended", "kubesolo.slot=A kubesolo.trial", { "run/kubesolo-os/trial-ended": "" }, []],
  ])("%s", (_name, cmdline, files, calls) => {
    expect(runScript("services/update", { cmdline, files: { "dev/console": "", ...files } }).calls).toEqual(
      calls,
    );
  });

  test("asks again when the agent fails", () => {
    const files = { "dev/console": "", "agent-fails": "x\n", ...books("activated") };
    expect(runScript("services/update", { files }).calls).toEqual([...watched, "sleep 5", ...watched]);
  });
});

describe("the cluster's state, before anything uses it", () => {
  const cmdline = "kubesolo.slot=B kubesolo.version=1.1.0";
  const prepare = (files: Record<string, string>, words = cmdline) =>
    runScript("lib/trial.sh", { cmdline: words, files, after: "prepare_for_system" }).calls;

  test.each<[string, Record<string, string>, string, string[]]>([
    ["no update was ever activated", {}, cmdline, []],
    ["the same system wrote last", writer("B", "1.1.0"), cmdline, []],
    ["another one did", writer("A", "1.0.0"), cmdline, ["agent trial prepare"]],
    ["the same version in the other slot did", writer("A", "1.1.0"), cmdline, ["agent trial prepare"]],
    ["what is there may be parts of two", keptWriter("B", "1.1.0"), cmdline, ["agent trial prepare"]],
    ["it runs from no slot", writer("A", "1.0.0"), "kubesolo.version=1.1.0", []],
    [
      "the stage runs a second time",
      { ...writer("A", "1.0.0"), "proc/mounts": "/dev/vda5 /etc/kubesolo ext4\n" },
      cmdline,
      [],
    ],
  ])("%s", (_name, files, words, calls) => {
    expect(prepare(files, words)).toEqual(calls);
  });
});
