// What has to change while the node runs: certificates near their end, and its address.
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../../src/lib/run.ts";
import { nodeAddress } from "../../src/sandbox/options.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { startBuiltEngine } from "./node-under-test.ts";

const limit = { timeoutMs: 120_000 };
const directory = mkdtempSync(join(tmpdir(), "kubesolo-renewal-"));
const year = 365 * 24 * 3600 * 1000;

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startBuiltEngine("renewal", join(directory, "sandbox"));
  await sandbox.waitForReady(limit);
});

afterAll(async () => {
  await sandbox?.crash();
  rmSync(directory, { recursive: true, force: true });
});

test("certificates near their end are renewed and served, and no request fails", async () => {
  const requests = askAgainAndAgain();
  for (const [folder, commonName] of [
    ["apiserver", "kube-apiserver"],
    ["kubelet-server", "system:node:renewal"],
  ] as const)
    await shorten(folder, commonName);
  await sandbox.until(servedAfter(6443, -20 * 24 * 3600), limit); // the short one, which ends within a month
  await setClockByANanosecond();
  for (const port of [6443, 10250]) await sandbox.until(servedAfter(port, 8 * (year / 1000)), limit);
  expect(sandbox.engineLog).toContain(
    "certificates: renewed the certificates of apiserver, kubelet-server\n",
  );
  const { asked, failed } = await requests.end();
  expect(failed).toBe(0);
  expect(asked).toBeGreaterThan(1); // on a fast host all of it takes half a second
});

test("another address of the node ends the engine, which says why, and starts with the new one", async () => {
  const next = "10.88.0.9";
  // As a DHCP client does it: first there is none.
  await sandbox.run(["ip", "address", "del", `${nodeAddress}/24`, "dev", "eth0"]);
  await sandbox.run(["ip", "address", "add", `${next}/24`, "dev", "eth0"]);
  await sandbox.run(["ip", "route", "replace", "default", "via", "10.88.0.1"]);
  await expect.poll(() => sandbox.isEngineRunning, limitOf(30)).toBe(false);
  expect(sandbox.engineLog).toContain(`the node's address has changed from ${nodeAddress} to ${next}`);

  await sandbox.startEngine();
  await sandbox.waitForReady(limit);
  expect(sandbox.engineLog).toContain("renewed the certificates of apiserver, kubelet-server");
  expect(await shownAddress()).toBe(next);
  const ca = join(sandbox.path("state"), "pki/ca/ca.crt");
  expect(await sandbox.runOutside(["curl", "--silent", "--cacert", ca, `https://${next}:6443/livez`])).toBe(
    "ok",
  );
});

test("an unplugged cable ends nothing, and without any address the node goes on by itself", async () => {
  await sandbox.runOutside(["ip", "link", "set", "cable", "down"]);
  // Longer than the engine waits for addresses to settle. It says nothing when it finds that they are as they were.
  await sleep(8000);
  expect(sandbox.isEngineRunning).toBe(true);

  // As a DHCP client does it when its lease ends.
  const address = await shownAddress();
  await sandbox.run(["ip", "address", "flush", "dev", "eth0", "scope", "global"]);
  await expect.poll(() => sandbox.isEngineRunning, limitOf(60)).toBe(false);
  expect(sandbox.engineLog).toContain(`the node's address has changed from ${address} to 10.42.0.1`);
  await sandbox.startEngine();
  await sandbox.waitForReady(limit);
  expect(sandbox.engineLog).toContain("the node uses 10.42.0.1, which only its pods reach");
  expect(await shownAddress()).toBe("10.42.0.1");
  // Without a default route. The API server asks webhooks so, and pods in the node's network do.
  await sandbox.until(["curl", "--silent", "--insecure", "--fail", "https://10.43.0.1/livez"], limit);
});

test("a node without any address takes the first that comes", async () => {
  await sandbox.runOutside(["ip", "link", "set", "cable", "up"]);
  await sandbox.run(["ip", "address", "add", `${nodeAddress}/24`, "dev", "eth0"]);
  await expect.poll(() => sandbox.isEngineRunning, limitOf(30)).toBe(false);
  expect(sandbox.engineLog).toContain(`the node's address has changed from 10.42.0.1 to ${nodeAddress}`);
  await sandbox.startEngine();
  await sandbox.waitForReady(limit);
  expect(await shownAddress()).toBe(nodeAddress);
});

function shownAddress(): Promise<string> {
  return sandbox.kubectl("get", "node", "renewal", "--output=jsonpath={.status.addresses[0].address}");
}

const limitOf = (seconds: number) => ({ timeout: seconds * 1000, interval: 100 });

/** Replaces a certificate by one of the same key that ends in ten days, as after years in use. */
async function shorten(folder: string, commonName: string): Promise<void> {
  const pki = (...parts: string[]) => join(sandbox.path("state"), "pki", ...parts);
  const certificate = pki(folder, `${folder}.crt`);
  const names = (await run(["openssl", "x509", "-in", certificate, "-noout", "-ext", "subjectAltName"]))
    .split("\n")[1]
    ?.replaceAll("IP Address", "IP")
    .replaceAll(" ", "");
  const scratch = (name: string) => join(directory, name);
  writeFileSync(scratch("extensions"), `subjectAltName=${names}\nextendedKeyUsage=serverAuth\n`);
  const request = [
    "openssl",
    "req",
    "-new",
    "-key",
    pki(folder, `${folder}.key`),
    "-subj",
    `/CN=${commonName}`,
  ];
  await run([...request, "-out", scratch("request")]);
  const issuer = ["-CA", pki("ca", "ca.crt"), "-CAkey", pki("ca", "ca.key")];
  const short = ["-req", "-in", scratch("request"), "-days", "10", "-extfile", scratch("extensions")];
  await run(["openssl", "x509", ...short, ...issuer, "-out", `${certificate}.new`]);
  expect(readFileSync(`${certificate}.new`, "utf8")).toContain("BEGIN CERTIFICATE");
  renameSync(`${certificate}.new`, certificate);
}

/** Succeeds when the certificate served there ends after so many seconds; before, if they are negative. */
function servedAfter(port: number, seconds: number): string[] {
  const fetch = `echo | openssl s_client -connect 127.0.0.1:${port} 2>/dev/null`;
  const check = `openssl x509 -noout -checkend ${Math.abs(seconds)}`;
  return ["sh", "-c", `${seconds < 0 ? "! " : ""}{ ${fetch} | ${check}; }`];
}

/** The kernel tells timers that the clock was set: adjtimex(2) with ADJ_SETOFFSET and ADJ_NANO, of one nanosecond. */
async function setClockByANanosecond(): Promise<void> {
  const number = process.arch === "arm64" ? 171 : 159;
  await run([
    "perl",
    "-e",
    `$t = pack("L x68 q q x168", 0x2100, 0, 1); syscall(${number}, $t) >= 0 or die "adjtimex: $!"`,
  ]);
}

/** Asks the API server with the admin's certificate, each time over a new connection, until told to end. */
function askAgainAndAgain(): { end(): Promise<{ asked: number; failed: number }> } {
  let goesOn = true;
  const pki = (...parts: string[]) => join(sandbox.path("state"), "pki", ...parts);
  const certificates = [
    "--cacert",
    pki("ca/ca.crt"),
    "--cert",
    pki("admin/admin.crt"),
    "--key",
    pki("admin/admin.key"),
  ];
  const result = (async () => {
    let [asked, failed] = [0, 0];
    while (goesOn) {
      const ask = ["curl", "--silent", "--fail", "--max-time", "10", ...certificates];
      const { exitCode } = await sandbox.runAnyExit([...ask, "https://127.0.0.1:6443/readyz"]);
      asked += 1;
      if (exitCode !== 0) failed += 1;
    }
    return { asked, failed };
  })();
  return {
    end: () => {
      goesOn = false;
      return result;
    },
  };
}
