// Publishing, from signed bundles to a folder that a web server can serve.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createKeys, rotateFolder } from "../../src/bundle/keys-folder.ts";
import { prepareSigning } from "../../src/bundle/minisign.ts";
import { type Publishing, publish } from "../../src/bundle/publish.ts";
import { signRelease } from "../../src/bundle/sign.ts";
import { verifyRelease } from "../../src/bundle/verify.ts";
import { publishCommand } from "../../src/commands/publish.ts";
import { readUpdateKeys } from "../../src/image/baked/update-keys.ts";
import type { Tools } from "../../src/lib/locked-tools.ts";
import { sourcePath } from "../../src/lib/paths.ts";
import { run, runAnyExit } from "../../src/lib/run.ts";
import { type Channel, parseChannel } from "../../src/release/channel.ts";
import { makeSmallBundle } from "./small-bundle.ts";

let folder: string;
let tools: Tools;
let keys: string;
/** Where updates are published; each test has its own. */
let site: string;
let first: string;
let second: string;
let count = 0;

const at = (name: string) => join(folder, name);
const inSite = (name: string) => join(site, name);
const kubesoloOs = (...args: string[]) => runAnyExit([sourcePath("bin/kubesolo-os"), ...args]);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kubesolo-os-publish-"));
  tools = await prepareSigning();
  keys = at("keys");
  await createKeys(keys, tools);
  first = await signed("first", { version: "1.2.0", sequence: 12 });
  second = await signed("second", { version: "1.3.0", sequence: 13 });
});

beforeEach(() => {
  count += 1;
  site = at(`site-${count}`);
});

afterAll(() => rmSync(folder, { recursive: true }));

test("the command makes the folder, and minisign verifies what is in it", async () => {
  const { stdout, exitCode } = await kubesoloOs("publish", site, first, second, "--keys", keys);
  expect(exitCode).toBe(0);
  expect(stdout).toBe(
    "1.2.0, sequence 12, amd64, vm, Kubernetes v1.37.2\n1.3.0, sequence 13, amd64, vm, Kubernetes v1.37.2\n",
  );
  expect(listSite()).toEqual([
    ...["channel/stable.json", "channel/stable.json.minisig", "keys/1.json", "keys/1.json.minisig"],
    ...published().map((sum) => `releases/${sum}.tar`),
  ]);
  const printed = await minisign("release.pub", "channel/stable.json");
  expect(printed).toContain("Trusted comment: kubesolo-os channel stable number 1");
  await minisign("root.pub", "keys/1.json");
  const { issued } = readStable();
  expect(Math.abs(Date.parse(issued) - Date.now())).toBeLessThan(60_000);
});

test("each bundle is named by the sum of its release.json, with the same bytes", async () => {
  await put({ bundles: [first] });
  const [sum] = published();
  expect(await run(["sh", "-c", `tar -xOf ${first} release.json | sha256sum`])).toBe(`${sum}  -\n`);
  await run(["cmp", first, inSite(`releases/${sum}.tar`)]);
});

test("releases come, are promoted to another channel, and go; each time is a number", async () => {
  await put({ name: "beta", bundles: [first] });
  await put({ name: "beta", bundles: [second] });
  await put({ from: [{ channel: "beta", version: "1.2.0" }] });
  expect(readStable()).toMatchObject({ number: 1, releases: [{ version: "1.2.0" }] });
  await put({ name: "beta", remove: ["1.3.0"] });
  expect(readStable("beta")).toMatchObject({ number: 3, releases: [{ version: "1.2.0" }] });
  await put({});
  expect(readStable()).toMatchObject({ number: 2, releases: [{ version: "1.2.0" }] });
  expect(listSite().filter((name) => name.endsWith(".tar"))).toHaveLength(2);
});

test("after a rotation all releases are published anew, and a device finds every keys.json", async () => {
  const rotated = at("rotated");
  cpSync(keys, rotated, { recursive: true });
  await put({ bundles: [first, second] });
  await rotateFolder(rotated, false, tools);
  await rotateFolder(rotated, true, tools);
  await refused({ keysFolder: rotated }, /1\.2\.0, .*isn't known here\n.*1\.3\.0, .*isn't known here/);
  const anew = at("first-anew.tar");
  await signRelease(first, { secret: join(rotated, "release.key"), output: anew }, tools);
  await put({ keysFolder: rotated, bundles: [anew], remove: ["1.3.0"] });
  expect(listSite().filter((name) => name.startsWith("keys/"))).toEqual([
    ...["keys/1.json", "keys/1.json.minisig", "keys/2.json", "keys/2.json.minisig"],
    ...["keys/3.json", "keys/3.json.2.minisig", "keys/3.json.minisig"],
  ]);
  expect(readStable()).toMatchObject({ number: 2, releases: [{ version: "1.2.0" }] });
  const newKeys = readUpdateKeys(inSite("keys/3.json"));
  expect(await verifyRelease(inSite(`releases/${published()[0]}.tar`), newKeys)).toHaveProperty("keyId");
  await refused({}, /keys\/2\.json has the number 2, and your newest keys have 1/);
});

test("the keys' folder needs no root.key", async () => {
  const online = at("online");
  cpSync(keys, online, { recursive: true });
  rmSync(join(online, "root.key"));
  await put({ keysFolder: online, bundles: [first] });
});

test("what is wrong is told all at once, and nothing is written", async () => {
  const other = at("other");
  await createKeys(other, tools);
  const theirs = at("theirs.tar");
  await signRelease(first, { secret: join(other, "release.key"), output: theirs }, tools);
  const unsigned = await makeSmallBundle(folder, "unsigned", tools);
  await refused(
    { bundles: [theirs, unsigned], from: [{ channel: "beta", version: "1.0.0" }], remove: ["0.9.0"] },
    /theirs.*isn't known here\n.*it isn't signed\n.*"beta" has no release 1\.0\.0\n.*"stable" has no release 0\.9\.0/,
  );
  expect(existsSync(site)).toBe(false);
});

test("a release key that isn't in keys.json signs nothing", async () => {
  const mixed = at("mixed");
  cpSync(keys, mixed, { recursive: true });
  await createKeys(at("stranger"), tools);
  cpSync(at("stranger/release.key"), join(mixed, "release.key"));
  await refused({ keysFolder: mixed, bundles: [first] }, /no device would take what .*release\.key" signs/);
  expect(existsSync(site)).toBe(false);
});

test.each<[string, (sum: string) => void, RegExp]>([
  [
    "a bundle with another bit",
    (sum) => flip(`releases/${sum}.tar`),
    /1\.2\.0, .*isn't the file that the release/,
  ],
  ["a bundle that is gone", (sum) => rmSync(inSite(`releases/${sum}.tar`)), /1\.2\.0, .*it is missing/],
  [
    "another bundle in its place",
    (sum) => cpSync(second, inSite(`releases/${sum}.tar`)),
    /1\.2\.0, .*it isn't what the channel says/,
  ],
  [
    "a channel that somebody edited",
    () => edit("channel/stable.json", /1\.2\.0/, "1.2.9"),
    /can't be built upon: .*of other contents/,
  ],
  [
    "a channel that isn't signed",
    () => rmSync(inSite("channel/stable.json.minisig")),
    /can't be built upon: the signature is no minisign signature/,
  ],
  [
    "another channel's files",
    () => {
      for (const end of [".json", ".json.minisig"])
        cpSync(inSite(`channel/beta${end}`), inSite(`channel/stable${end}`));
    },
    /can't be built upon: it is of the channel "beta"/,
  ],
  [
    "keys that somebody edited",
    () => edit("keys/1.json", /"number"/, ' "number"'),
    /other keys of the number 1/,
  ],
])("is not built upon: %s", async (_name, damage, reason) => {
  await put({ bundles: [first] });
  await put({ name: "beta", bundles: [first] });
  damage(published()[0] ?? "");
  const before = readFileSync(inSite("channel/stable.json"), "utf8");
  await refused({ bundles: [second] }, reason);
  expect(readFileSync(inSite("channel/stable.json"), "utf8")).toBe(before);
  expect(listSite().filter((name) => name.endsWith(".tar")).length).toBeLessThanOrEqual(1);
});

test("a damaged bundle is mended by publishing it once more, or withdrawn", async () => {
  await put({ bundles: [first] });
  const [sum] = published();
  flip(`releases/${sum}.tar`);
  await put({ bundles: [first] });
  await run(["cmp", first, inSite(`releases/${sum}.tar`)]);
  flip(`releases/${sum}.tar`);
  await put({ remove: ["1.2.0"] });
  expect(readStable().releases).toEqual([]);
});

test.each([
  ["--channel", "../x"],
  ["--from", "../x:1.2.0"],
  ["--from", "beta"],
  ["--number", "0"],
])("the command refuses %s %s", async (...wrong) => {
  const command = publishCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  const words = [site, "--keys", keys, ...wrong];
  await expect(command.parseAsync(words, { from: "user" })).rejects.toThrow(
    /not a channel's name|such as "beta|from 1/,
  );
});

const nothing: Omit<Publishing, "keysFolder"> = {
  ...{ name: "stable", issued: "2026-12-01T10:00:00Z" },
  ...{ bundles: [], from: [], remove: [], isOlderAllowed: false },
};

async function put(change: Partial<Publishing>): Promise<void> {
  await publish(site, { ...nothing, keysFolder: keys, ...change }, tools);
}

const refused = (change: Partial<Publishing>, reason: RegExp) => expect(put(change)).rejects.toThrow(reason);

async function signed(name: string, facts: { version: string; sequence: number }): Promise<string> {
  const path = await makeSmallBundle(folder, name, tools, facts);
  return signRelease(path, { secret: join(keys, "release.key") }, tools);
}

function readStable(name = "stable"): Channel {
  return parseChannel(readFileSync(inSite(`channel/${name}.json`), "utf8")) as Channel;
}

/** Sums of the releases of "stable", in the order of their names. */
const published = () =>
  readStable()
    .releases.map((release) => release.manifest_sha256)
    .sort();

function listSite(): string[] {
  return readdirSync(site, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(site.length + 1))
    .sort();
}

const minisign = (pub: string, file: string) =>
  tools.run(["minisign", "-V", "-p", join(keys, pub), "-m", inSite(file)]);

function flip(name: string): void {
  const bytes = readFileSync(inSite(name));
  const offset = bytes.indexOf("kernel kernel");
  bytes[offset] = (bytes[offset] ?? 0) ^ 1;
  writeFileSync(inSite(name), bytes);
}

function edit(name: string, from: RegExp, to: string): void {
  writeFileSync(inSite(name), readFileSync(inSite(name), "utf8").replace(from, to));
}
