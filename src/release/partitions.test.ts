import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sourcePath } from "../lib/paths.ts";
import {
  type PartitionName,
  partitionNames,
  partitionNumber,
  partitionSizesMib,
  partitionStartMib,
} from "./partitions.ts";

test("partitions are counted from 1, and each begins where the last one ends", () => {
  expect(
    partitionNames.map((name) => `${partitionNumber(name)} ${name} at ${partitionStartMib(name)} MiB`),
  ).toEqual([
    "1 BIOSBOOT at 1 MiB",
    "2 KSOLOEFI at 2 MiB",
    "3 KSOLOA at 258 MiB",
    "4 KSOLOB at 770 MiB",
    "5 KSOLODATA at 1282 MiB",
  ]);
});

test("docs/updates.md has them", () => {
  const holds: Readonly<Record<PartitionName, string>> = {
    BIOSBOOT: "GRUB, for BIOS firmware",
    KSOLOEFI: "GRUB and its files, the state of the boot twice, the owner's kernel words",
    KSOLOA: "slot A: kernel, initramfs, root, release.json and its signature",
    KSOLOB: "slot B: the same",
    KSOLODATA: "the data: cluster, images, volumes, configuration, logs, the books",
  };
  const rows = partitionNames.map((name) => {
    const size = name === "KSOLODATA" ? "the rest" : partitionSizesMib[name];
    return `| ${partitionNumber(name)} ${name} | ${size} | ${holds[name]} |\n`;
  });
  const docs = readFileSync(sourcePath("docs/updates.md"), "utf8");
  const table = /<!-- disk -->\n.*\n.*\n([\s\S]*?)<!-- end -->/.exec(docs)?.[1];
  expect(table).toBe(rows.join(""));
});
