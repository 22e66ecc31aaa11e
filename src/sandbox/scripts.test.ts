import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { enterScript, programScript } from "./scripts.ts";

test("a script hands its own words and the caller's on as they are", () => {
  const folder = mkdtempSync(join(tmpdir(), "scripts-"));
  try {
    const script = join(folder, "script");
    writeFileSync(script, programScript(["printf", "[%s]", "it's $HOME", "plain"]), { mode: 0o755 });
    expect(execFileSync(script, ["two words", "*"], { encoding: "utf8" })).toBe(
      "[it's $HOME][plain][two words][*]",
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("entering joins every cgroup and namespace of the sandbox", () => {
  const script = enterScript(42, ["/sys/fs/cgroup/cpu/a", "/sys/fs/cgroup/memory/a"]);
  expect(script).toContain("for cgroup in /sys/fs/cgroup/cpu/a /sys/fs/cgroup/memory/a; do");
  expect(script).toContain("nsenter --target=42 --mount --net --uts --ipc --pid --cgroup");
});
