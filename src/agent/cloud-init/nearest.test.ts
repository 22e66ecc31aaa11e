import { describe, expect, test } from "vitest";
import { nearest } from "./nearest.ts";

const known = ["hostname", "write_files", "runcmd", "bootcmd", "ntp", "edge_id", "network"];

describe("the nearest name", () => {
  test.each<[string, string | undefined, string]>([
    ["lacks a letter", "hostname", "hostnam"],
    ["has two letters swapped", "hostname", "hostnmae"],
    ["has another stroke", "write_files", "write-files"],
    ["has capitals", "edge_id", "edgeID"],
    ["has one letter more", "runcmd", "run_cmds"],
    ["is nearer to one than to another", "bootcmd", "botcmd"],
    ["isn't there for a word that is like none", undefined, "packages"],
    ["isn't there for a short word that is half wrong", undefined, "abp"],
    ["isn't looked for when the word is a text", undefined, "hostname".repeat(20)],
  ])("%s", (_name, right, word) => {
    expect(nearest(word, known)).toBe(right);
  });
});
