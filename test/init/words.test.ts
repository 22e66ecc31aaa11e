// Our words on the kernel command line: 10-parse-cmdline takes them, init/lib/words.sh has them.
import { describe, expect, test } from "vitest";
import { runScript } from "./script.ts";

describe("10-parse-cmdline", () => {
  test.each([
    [
      "keeps what is ours",
      "ro kubesolo.data=LABEL=X kubesolo.debug root=/dev/sda",
      "kubesolo.data=LABEL=X\nkubesolo.debug\n",
    ],
    [
      "keeps quoted words together",
      'kubesolo.flags="--node-ip 10.0.0.9"',
      "kubesolo.flags=--node-ip 10.0.0.9\n",
    ],
    [
      "takes an apostrophe and a backslash as they are",
      "note=it's path=a\\b kubesolo.data=LABEL=X kubesolo.debug",
      "kubesolo.data=LABEL=X\nkubesolo.debug\n",
    ],
    [
      "takes what stands behind an open quote as one word",
      'kubesolo.debug kubesolo.flags="--a 1 kubesolo.reset',
      "kubesolo.debug\nkubesolo.flags=--a 1 kubesolo.reset\n",
    ],
    ["takes an empty line", "", ""],
    ["leaves a slot that isn't one", "kubesolo.slot=C", ""],
  ])("%s", (_name, cmdline, expected) => {
    expect(runScript("stages/10-parse-cmdline", { cmdline }).file("run/kubesolo-os/cmdline")).toBe(expected);
  });

  test("says which word of ours it doesn't know", () => {
    const { messages } = runScript("stages/10-parse-cmdline", { cmdline: "kubesolo.dta=x" });
    expect(messages).toContain("init: 10-parse-cmdline: unknown on the kernel command line: kubesolo.dta=x");
  });
});

describe("the words of the command line", () => {
  test.each([
    ["is found", "kubesolo.data=LABEL=X", "kubesolo.data", "LABEL=X"],
    ["may have a space", 'kubesolo.flags="--a 1"', "kubesolo.flags", "--a 1"],
    ["counts by the last", "kubesolo.data=/dev/a kubesolo.data=/dev/b quiet", "kubesolo.data", "/dev/b"],
    ["isn't another word's end", "ip=x-kubesolo.data=y", "kubesolo.data", "default"],
    ["that is empty is as none", "kubesolo.data=", "kubesolo.data", "default"],
    ["isn't there", "quiet", "kubesolo.data", "default"],
    ["isn't there without any word", "", "kubesolo.data", "default"],
  ])("a value %s", (_name, line, key, expected) => {
    const after = `echo "$(cmdline ${key} default)"`;
    expect(runScript("stages/10-parse-cmdline", { cmdline: line, after }).output).toBe(`${expected}\n`);
    // A program of its own reads the file.
    const later = `words=; ${after}`;
    expect(runScript("stages/10-parse-cmdline", { cmdline: line, after: later }).output).toBe(
      `${expected}\n`,
    );
  });

  test.each([
    ["the first", "quiet kubesolo.debug", "yes"],
    ["the last", "kubesolo.debug quiet", "yes"],
    ["half of another", "kubesolo.zram=5 quiet", "no"],
    ["none", "", "no"],
  ])("a flag is %s", (_name, line, expected) => {
    const flag = line.startsWith("kubesolo.zram") ? "kubesolo.zram" : "quiet";
    const after = `has_flag ${flag} && echo yes || echo no`;
    expect(runScript("stages/10-parse-cmdline", { cmdline: line, after }).output).toBe(`${expected}\n`);
  });
});
