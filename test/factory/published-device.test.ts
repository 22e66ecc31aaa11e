// What `publish` writes, as the agent of a device in a folder reads it: both halves meet in a channel.
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runAgent } from "../../src/agent/main.ts";
import { createKeys, rotateFolder } from "../../src/bundle/keys-folder.ts";
import { prepareSigning } from "../../src/bundle/minisign.ts";
import { type Publishing, publish } from "../../src/bundle/publish.ts";
import { signRelease } from "../../src/bundle/sign.ts";
import type { Tools } from "../../src/lib/locked-tools.ts";
import { configuredFiles } from "../agent/device/configured-files.ts";
import { boot, makeUpdatableDevice, updatableHost } from "../agent/device/updatable-device.ts";
import { makeSmallBundle } from "./small-bundle.ts";

let folder: string;
let tools: Tools;
let root: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kubesolo-os-published-"));
  tools = await prepareSigning();
  await createKeys(at("keys"), tools);
  root = makeUpdatableDevice({
    ...configuredFiles({ updates: { source: "/srv" } }),
    "/usr/lib/kubesolo-os/update-keys.json": readFileSync(at("keys/keys.json"), "utf8"),
  });
});

afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(root, { recursive: true });
});

test("a device takes what was published, and follows each rotation of the keys", async () => {
  await put({ bundles: [await makeSigned("1.1.0", 2)] });
  expect(agent("update")).toMatchObject({ code: 0, said: expect.stringContaining("1.1.0 is on trial") });
  boot(root);
  agent("trial", "watch");
  expect(agent("check").said).toMatch(/nothing newer than 1\.1\.0$/);

  // A device may have missed the first of two.
  await rotateFolder(at("keys"), false, tools);
  await rotateFolder(at("keys"), true, tools);
  await put({ bundles: [await makeSigned("1.2.0", 3)], remove: ["1.1.0"] });
  const { code, said } = agent("check");
  expect(said).toMatch(/keys of number 2 from now on\n.*keys of number 3 from now on\n1\.2\.0, sequence 3/);
  expect(code).toBe(0);

  await put({ remove: ["1.2.0"] });
  expect(agent("check").said).toMatch(/has nothing for this machine$/);
});

/** Publishes in a folder, and brings it to the device as it is. */
async function put(change: Partial<Publishing>): Promise<void> {
  const nothing = { bundles: [], from: [], remove: [], isOlderAllowed: false };
  const about = { name: "stable", issued: "2026-12-01T10:00:00Z", keysFolder: at("keys") };
  await publish(at("site"), { ...about, ...nothing, ...change }, tools);
  rmSync(join(root, "srv"), { recursive: true, force: true });
  cpSync(at("site"), join(root, "srv"), { recursive: true });
}

async function makeSigned(version: string, sequence: number): Promise<string> {
  const bundle = await makeSmallBundle(folder, version, tools, { version, sequence });
  return signRelease(bundle, { secret: at("keys/release.key") }, tools);
}

function agent(...args: string[]): { code: number; said: string } {
  const host = updatableHost(root);
  const code = runAgent(host, args, "1.0.0");
  return { code, said: host.printed.join("\n") };
}
