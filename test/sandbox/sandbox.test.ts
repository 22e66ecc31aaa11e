// The harness itself: what other tests take for granted of it.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sourcePath } from "../../src/lib/paths.ts";
import { run, runAnyExit } from "../../src/lib/run.ts";
import { readHierarchies } from "../../src/sandbox/cgroups.ts";
import { attachSandbox, type Sandbox } from "../../src/sandbox/sandbox.ts";
import { startBuiltEngine } from "./node-under-test.ts";

const limit = { timeoutMs: 120_000 };
const directory = mkdtempSync(join(tmpdir(), "kubesolo-sandbox-"));
const program = sourcePath("bin/kubesolo-os");
const pods = (sandbox: Sandbox) => sandbox.processes().filter(({ name }) => name === "pause");

let first: Sandbox;
let second: Sandbox;

async function start(name: string): Promise<Sandbox> {
  const sandbox = await startBuiltEngine(name, join(directory, name));
  await sandbox.waitForReady(limit);
  return sandbox;
}

beforeAll(async () => {
  first = await start("first");
  second = await start("second");
  await first.kubectl("run", "lasting", "--image=localhost/pause:1", "--image-pull-policy=Never");
  await first.kubectl("wait", "--for=condition=Ready", "pod/lasting", "--timeout=60s");
});

afterAll(async () => {
  await first?.crash();
  await second?.crash();
  rmSync(directory, { recursive: true, force: true });
});

test("two nodes side by side have each their own cluster, at the same address", async () => {
  for (const sandbox of [first, second]) {
    const nodes = await sandbox.kubectl("get", "nodes", "--output=jsonpath={.items[*].metadata.name}");
    expect(nodes).toBe(sandbox.options.name);
    const answer = ["curl", "--silent", "--insecure", "https://10.88.0.2:6443/readyz"];
    expect(await sandbox.runOutside(answer)).toBe("ok");
  }
  expect(pods(second)).toEqual([]);
});

test("pods outlive an engine that is killed or stopped", async () => {
  const before = pods(first);
  expect(before).toHaveLength(2); // the Pod's sandbox and its container
  await first.killEngine();
  expect(first.isEngineRunning).toBe(false);
  await first.startEngine();
  await first.waitForReady(limit);
  expect(await first.stopEngine({ timeoutMs: 20_000 })).toBe(0);
  expect(pods(first)).toEqual(before);
});

test("an engine that ends before it is ready is told with its exit code and its words", async () => {
  first.options.flags.push("--no-such-flag");
  await first.startEngine();
  await expect(first.waitForReady(limit)).rejects.toThrow(/exit code 64\).*no-such-flag/s);
  first.options.flags.pop();
});

test("one whose engine has ended can be looked at, until it is ended", async () => {
  const place = ["--directory", join(directory, "broken")];
  const broken = await runAnyExit([program, "sandbox", ...place, "--", "--no-such-flag"]);
  expect(broken.exitCode).not.toBe(0);
  expect(broken.stderr).toMatch(/a shell on the node .*exit code 64.*no-such-flag/s);
  const enter = join(directory, "broken/enter");
  expect(await run([enter, "cat", "/proc/1/comm"])).not.toBe("");
  await run([program, "sandbox", ...place, "--end"]);
  expect(attachSandbox(join(directory, "broken"))).toBeUndefined();
}, 60_000);

test("after a power cut the node comes back from its state, with new processes", async () => {
  const before = pods(first);
  await first.crash();
  expect(attachSandbox(first.options.directory)).toBeUndefined();
  await first.boot();
  await first.startEngine();
  await first.waitForReady(limit);
  await expect.poll(() => pods(first).length, { timeout: limit.timeoutMs }).toBe(2);
  expect(pods(first)).not.toEqual(before);
});

test("nothing is left of a sandbox but its directory, and others run on", async () => {
  await first.crash();
  const mounts = readFileSync("/proc/self/mountinfo", "utf8");
  expect(mounts).not.toContain(first.options.directory);
  const own = first.cgroup;
  expect(readHierarchies().filter(({ path }) => existsSync(join(path, own)))).toEqual([]);
  expect(await second.kubectl("get", "--raw", "/readyz")).toBe("ok");
});
