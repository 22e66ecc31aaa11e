// The built agent makes a support bundle of this host, as far as that is like a device, and hides what its configuration holds.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
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
  ["a folder", [folder], 1, "hint: name a file in a folder"],
  ["a place where nothing can be written", ["/proc/support.tar.gz"], 1, "no support bundle could be made"],
])("%s is refused", (_name, args, code, message) => {
  const { status, stderr } = runAgent("support", ...args);
  expect([status, stderr]).toEqual([code, expect.stringContaining(message)]);
});
