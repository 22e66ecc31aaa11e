// A slot that was being written when the power went.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { agent, device } from "../../../test/agent/device/update-run.ts";

describe("a slot that was being written when the power went", () => {
  /** Leaves it after the first file, as something else than it should be. */
  function interrupted(change: (file: string) => void): string {
    const root = device();
    agent(root, ["apply", "/bundle.tar"]);
    const books = join(root, "data/update/books.json");
    writeFileSync(books, readFileSync(books, "utf8").replace('"step": "written"', '"step": "writing"'));
    for (const name of ["boot.cfg", "root.squashfs", "release.json"]) rmSync(join(root, "disks/vda4", name));
    change(join(root, "disks/vda4/initramfs.img"));
    return root;
  }
  const half = (file: string) => writeFileSync(file, readFileSync(file).subarray(0, 100));
  const apply = (root: string) => agent(root, ["apply", "/bundle.tar"]);

  test("is gone on with", () => {
    const { code, said, calls } = apply(interrupted(half));
    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining("going on with 1.1.0") });
    expect(calls.filter((call) => call.includes("mke2fs"))).toEqual([]);
  });

  test.each<[string, (file: string) => void]>([
    ["holds other bytes", (file) => writeFileSync(file, "x".repeat(readFileSync(file).length))],
    ["holds more bytes than it should", (file) => writeFileSync(file, "x".repeat(5000))],
  ])("is written anew when it %s", (_name, change) => {
    const { code, said } = apply(interrupted(change));
    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining("beginning anew") });
  });
});
