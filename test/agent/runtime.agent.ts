// The runtime's own Go tests, of what has C in it: linked as on the device, with the library of the Debian lock. What has
// none (runtime/host, runtime/network) is tested by scripts/check.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { AGENT_MODULE, AGENT_TAGS, networkProgram } from "../../src/image/agent.ts";
import { type CToolchain, findCToolchain } from "../../src/image/c-toolchain.ts";
import { buildGoProgram, goEnvironment } from "../../src/image/go-program.ts";
import { buildPath, sourcePath } from "../../src/lib/paths.ts";
import { run } from "../../src/lib/run.ts";

const folder = buildPath("test/runtime");
let cgo: CToolchain;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  cgo = await findCToolchain("amd64");
  await buildGoProgram(networkProgram, folder);
});

test("go vet finds nothing", async () => {
  const options = { cwd: sourcePath(AGENT_MODULE), env: goEnvironment(cgo) };
  expect(await run(["go", "vet", `-tags=${AGENT_TAGS.join(",")}`, "./..."], options)).toBe("");
});

test.each([".", "./quickjs"])("the tests of %s pass", { timeout: 300_000 }, async (path) => {
  const name = path === "." ? "runtime.test" : "quickjs.test";
  await buildGoProgram(
    { name, module: AGENT_MODULE, package: path, tags: AGENT_TAGS, cgo, isTest: true },
    folder,
  );
  expect(await run([join(folder, name)], { cwd: folder })).toContain("PASS");
});
