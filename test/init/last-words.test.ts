// The log's part of a boot, as init writes it and the agent reads it, and what a kernel left that panicked.
import { describe, expect, test } from "vitest";
import { activatedLine, findLastWords } from "../../src/release/boot-log.ts";
import { runScript, type ScriptSetup } from "./script.ts";

const log = "var/log/kubesolo.log";
const trial = "kubesolo.slot=B kubesolo.version=1.1.0 kubesolo.trial";
const records = {
  "sys/fs/pstore/dmesg-efi_pstore-1701": "Panic#1 Part1\nthe end\n",
  "sys/fs/pstore/dmesg-efi_pstore-1702": "Panic#1 Part2\nthe beginning\n",
};
const updated = { "data/update/writer.json": "{}" };
const noteBoot = (setup: ScriptSetup, after = "") =>
  runScript("lib/last-words.sh", { ...setup, after: `note_boot; ${after}` });

describe("a boot's part of the log", () => {
  test("has on trial what init says, so that the agent finds it", () => {
    const files = { [log]: activatedLine({ version: "1.1.0", slot: "B" }) };
    const end = 'STAGE=50-network; say "no link"; has_flag quiet; note "done"';
    const { calls, file, messages } = noteBoot({ cmdline: trial, files }, end);
    expect(messages).toEqual(["init: 50-network: no link"]);
    expect(calls.filter((call) => call.startsWith("sync"))).toEqual(Array(3).fill(`sync /${log}`));
    expect(findLastWords(file(log) ?? "", { version: "1.1.0", slot: "B" })).toEqual({
      text: "init: KubeSolo OS 1.1.0, slot B, on trial\ninit: 50-network: no link\ninit: 50-network: done\n",
      stage: "50-network",
    });
  });

  test("is a line otherwise", () => {
    const files = { [log]: "" };
    const { calls, file } = noteBoot(
      { cmdline: "kubesolo.slot=A kubesolo.version=1.0.0", files },
      "say done",
    );
    expect(file(log)).toBe("init: KubeSolo OS 1.0.0, slot A\n");
    expect(calls).toEqual([`sync /${log}`]);
  });

  test("isn't written where there are no slots", () => {
    expect(noteBoot({ cmdline: "kubesolo.version=1.0.0" }).file(log)).toBeUndefined();
  });

  test("takes the place of a link that somebody put there", () => {
    const setup = { cmdline: trial, files: { "var/log/other": "" }, links: { [log]: "other" } };
    const { exitCode, file, output } = noteBoot(setup, 'say "goes on"; cat "$ROOT/var/log/other"');
    expect({ exitCode, output }).toEqual({ exitCode: 0, output: "" });
    expect(file(log)).toMatch(/^init: KubeSolo OS .*goes on\n$/s);
  });
});

describe("a kernel's last words", () => {
  const order =
    /^init: the last words of the kernel before this boot:\nPanic#1 Part2\nthe beginning\nPanic#1 Part1\nthe end\n/;

  test("are taken into the log before this boot's part, in their order, and cleared", () => {
    const left = 'ls "$ROOT/sys/fs/pstore"';
    const { file, messages, output } = noteBoot({ cmdline: trial, files: { ...records, [log]: "" } }, left);
    expect(file(log)).toMatch(order);
    expect(file(log)).toContain("the end\ninit: KubeSolo OS 1.1.0, slot B, on trial\n");
    expect(messages[0]).toContain("the kernel before this one panicked");
    expect(output).toBe("");
  });

  test("are those of a system on trial, for the agent of the old one", () => {
    const files = { ...records, ...updated, [log]: activatedLine({ version: "1.1.0", slot: "B" }) };
    const { calls, file } = noteBoot({ cmdline: "kubesolo.slot=A kubesolo.version=1.0.0", files });
    expect(findLastWords(file(log) ?? "", { version: "1.1.0", slot: "B" })?.text).toMatch(order);
    expect(calls.at(-2)).toBe("modprobe -r -q efi_pstore ramoops");
  });

  test.each<[string, Record<string, string>, string]>([
    ["are kept by UEFI", { "sys/firmware/efi/runtime": "" }, "modprobe -q efi_pstore"],
    ["are kept in memory otherwise", {}, "modprobe -q ramoops mem_name=last-words record_size=16384"],
  ])("%s", (_name, files, call) => {
    expect(runScript("lib/last-words.sh", { files, after: "load_last_words" }).calls).toEqual([call]);
  });
});
