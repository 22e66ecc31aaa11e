// The built agent makes a support bundle of this host, as far as that is like a device, and hides what its configuration holds.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { buildPath } from "../../src/lib/paths.ts";
import { supportParts } from "../../src/release/support-bundle.ts";
import { readSupportBundle } from "../../src/support/bundle.ts";

const agent = buildPath("agent/kubesolo-os-agent");
const folder = mkdtempSync(join(tmpdir(), "support-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const runAgent = (...args: string[]) => spawnSync(agent, args, { encoding: "utf8", timeout: 120_000 });

test("it is whole, of the host's own tar, and only its owner may read it", async () => {
  const file = join(folder, "support.tar.gz");
  const { status, stdout, stderr } = runAgent("support", file);
  expect([status, stdout]).toEqual([0, `${file}\n`]);
  expect(stderr).toContain("collecting kernel.log\n");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const { index, parts } = await readSupportBundle(file);
  expect(index.format).toBe(1);
  expect(Object.keys(parts)).toEqual(Object.keys(supportParts));
  expect(parts["mounts.txt"]).toContain(" /proc proc ");
  expect(parts["memory.txt"]).toContain("MemTotal:");
});

test.each([
  ["two files", ["/tmp/a", "/tmp/b"], 64, 'unexpected "/tmp/b"'],
  ["a file besides a stick", ["--stick", "/tmp/a"], 64, "--stick takes no file"],
  ["a folder", [folder], 1, "hint: name a file in a folder"],
  ["a place where nothing can be written", ["/proc/support.tar.gz"], 1, "no support bundle could be made"],
])("%s is refused", (_name, args, code, message) => {
  const { status, stderr } = runAgent("support", ...args);
  expect([status, stderr]).toEqual([code, expect.stringContaining(message)]);
});

// Real file systems and a real loop device, as root. In a namespace of its own, with /run to itself: nothing of the host changes.
describe("onto a stick", () => {
  const program = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(args[0] ?? "", args.slice(1), { encoding: "utf8" });
    if (status !== 0) throw new Error(`${args.join(" ")}: ${stderr}`);
    return stdout.trim();
  };
  const inside = 'mount -t tmpfs tmpfs /run && mkdir -p /run/kubesolo-os && exec "$0" support --stick';

  /** What is on the stick afterwards, and what was said. */
  function plugIn(name: string, options: readonly string[], { leftBlocks = 4000 } = {}) {
    const image = join(folder, `${name}.img`);
    const photo = join(folder, "photo");
    program(
      "mke2fs",
      "-q",
      "-t",
      "ext4",
      "-b",
      "1024",
      "-O",
      "^has_journal",
      "-m",
      "0",
      "-L",
      "KSOLOHELP",
      image,
      "8M",
    );
    const [, free] = /^Free blocks: +(\d+)$/m.exec(program("dumpe2fs", "-h", image)) ?? [];
    writeFileSync(photo, Buffer.alloc((Number(free) - leftBlocks) * 1024, 0xaa));
    program("debugfs", "-w", "-R", `write ${photo} photo`, image);
    const device = program("losetup", "--find", "--show", ...options, image);
    try {
      const { status, stderr } = spawnSync("unshare", ["--mount", "sh", "-c", inside, agent], {
        encoding: "utf8",
        timeout: 120_000,
      });
      const listed = program("debugfs", "-R", "ls -p /", image).matchAll(
        /^\/\d+\/10\d+\/\d+\/\d+\/(.+)\/\d+\/$/gm,
      );
      return { image, status, stderr, files: [...listed].map(([, file = ""]) => file).sort() };
    } finally {
      program("losetup", "--detach", device);
    }
  }

  test("it is whole, beside what was there", async () => {
    const { image, status, stderr, files } = plugIn("good", []);
    const name = files.find((each) => each.startsWith("support-")) ?? "";
    expect([status, files]).toEqual([
      0,
      ["photo", expect.stringMatching(/^support-.*-\d{8}-\d{4}\.tar\.gz$/)],
    ]);
    expect(stderr).toMatch(
      new RegExp(`^support: ${name} is on KSOLOHELP \\(/dev/loop\\d+\\): pull it out$`, "m"),
    );
    const taken = join(folder, name);
    program("debugfs", "-R", `dump ${name} ${taken}`, image);
    expect((await readSupportBundle(taken)).index.format).toBe(1);
    expect(program("e2fsck", "-f", "-n", image)).toMatch(/Pass 5/);
    expect(existsSync("/run/kubesolo-os/support-sticks")).toBe(false);
  });

  test.each([
    ["is full", [], { leftBlocks: 30 }, /: no space left on device/i],
    ["can't be written", ["--read-only"], {}, /read-only/i],
  ])("one that %s is told, and stays as it was", (name, options, how, reason) => {
    const { status, stderr, files } = plugIn(name.replaceAll(" ", "-"), options, how);
    expect([status, files]).toEqual([1, ["photo"]]);
    expect(stderr).toMatch(/^support: no support bundle is on KSOLOHELP \(\/dev\/loop\d+\): /m);
    expect(stderr).toMatch(reason);
  });
});
