import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { makeCpio } from "./cpio.ts";
import { directory, makeTree, symlink, textFile } from "./tree.ts";

const tree = makeTree([directory("dev"), textFile("etc/odd", "123", 0o640), symlink("init", "etc/odd")]);

test("BusyBox's cpio lists what went in, with modes, sizes, times and owners", () => {
  const listing = execFileSync("busybox", ["cpio", "-tv"], {
    input: makeCpio(tree, 86_400),
    env: { TZ: "UTC" },
    stdio: ["pipe", "pipe", "ignore"],
  }).toString();
  expect(listing.split("\n").map((line) => line.replace(/ +/g, " "))).toEqual([
    "drwxr-xr-x 0/0 0 1970-01-02 00:00:00 dev",
    "drwxr-xr-x 0/0 0 1970-01-02 00:00:00 etc",
    "-rw-r----- 0/0 3 1970-01-02 00:00:00 etc/odd",
    "lrwxrwxrwx 0/0 0 1970-01-02 00:00:00 init -> etc/odd",
    "",
  ]);
});

test("the same tree gives the same bytes", () => {
  expect(makeCpio(tree, 1).equals(makeCpio(makeTree([...tree].reverse()), 1))).toBe(true);
});
