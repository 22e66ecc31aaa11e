// What openssl makes of the certificates, which is not what made them.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { run } from "../lib/run.ts";
import {
  configurationLines,
  createFolder,
  day,
  endOf,
  grant,
  groupsOf,
  personProblem,
  readIdentity,
} from "./folder.ts";

const now = new Date("2026-12-01T12:00:00Z");
const lifetimes = { authorityDays: 3650, days: 365 };
const ever = { days: 365, isReplaced: false };

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "access-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function made(): Promise<string> {
  const folder = join(temporary(), "mine");
  await createFolder(folder, lifetimes, now);
  return folder;
}

function openssl(folder: string, ...args: string[]): Promise<string> {
  return run(["openssl", ...args], { cwd: folder });
}

test("the administrator's certificate is by the authority, and says who it is", async () => {
  const folder = await made();
  expect(
    await openssl(folder, "verify", "-purpose", "sslclient", "-CAfile", "ca.crt", "admin.crt"),
  ).toContain("OK");
  const text = await openssl(folder, "x509", "-in", "admin.crt", "-noout", "-text");
  expect(text).toMatch(/Subject: O ?= ?system:masters, CN ?= ?admin/);
  expect(text).toMatch(/Not Before: Jan +1 00:00:00 1970/); // for boxes whose clock is wrong
  expect(text).toMatch(/Not After : Dec +1 12:00:00 2027/);
  const authority = await openssl(folder, "x509", "-in", "ca.crt", "-noout", "-text");
  expect(authority).toMatch(/CA:TRUE, pathlen:0/);
  expect(authority).toContain("Certificate Sign");
});

test("a key is the certificate's, and its owner's only", async () => {
  const folder = await made();
  for (const name of ["ca", "admin"]) {
    expect(statSync(join(folder, `${name}.key`)).mode & 0o777).toBe(0o600);
    const ofCertificate = await openssl(folder, "x509", "-in", `${name}.crt`, "-noout", "-pubkey");
    expect(await openssl(folder, "pkey", "-in", `${name}.key`, "-pubout")).toBe(ofCertificate);
  }
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test("what is there is never replaced", async () => {
  const folder = await made();
  const before = readFileSync(join(folder, "ca.key"), "utf8");
  await expect(createFolder(folder, lifetimes, now)).rejects.toThrow(
    "has certificates already: ca.crt, ca.key, admin.crt",
  );
  rmSync(join(folder, "ca.crt"));
  await expect(createFolder(folder, lifetimes, now)).rejects.toThrow("ca.key");
  expect(readFileSync(join(folder, "ca.key"), "utf8")).toBe(before);
});

test("others get their groups, or none", async () => {
  const folder = await made();
  await grant(folder, { name: "ann@example.com", groups: ["viewers", "site:berlin"] }, ever, now);
  await grant(folder, { name: "bob", groups: [] }, { days: 1, isReplaced: false }, now);
  const subject = (name: string) => openssl(folder, "x509", "-in", `${name}.crt`, "-noout", "-subject");
  expect(await subject("ann@example.com")).toMatch(
    /O ?= ?viewers, O ?= ?site:berlin, CN ?= ?ann@example.com/,
  );
  expect(await subject("bob")).toMatch(/subject=CN ?= ?bob/);
  expect(day(endOf(readIdentity(folder, "bob")))).toBe("2026-12-02");
});

test("a certificate ends with its authority at the latest", async () => {
  const folder = await made();
  expect(day(await grant(folder, { name: "ann", groups: [] }, { days: 9999, isReplaced: false }, now))).toBe(
    "2036-11-28",
  );
});

test("somebody's certificate is replaced only when that is asked for", async () => {
  const folder = await made();
  const admin = { name: "admin", groups: groupsOf("admin", []) };
  await expect(grant(folder, admin, ever, now)).rejects.toThrow('"admin" has a certificate already');
  const before = readIdentity(folder, "admin");
  await grant(folder, admin, { days: 365, isReplaced: true }, now);
  const { certificatePem } = readIdentity(folder, "admin");
  expect(certificatePem).not.toBe(before.certificatePem);
  expect(await openssl(folder, "x509", "-in", "admin.crt", "-noout", "-subject")).toContain("system:masters");
});

test("an authority that has ended makes none", async () => {
  const folder = await made();
  await expect(grant(folder, { name: "ann", groups: [] }, ever, new Date("2037-01-01"))).rejects.toThrow(
    "ended at 2036-11-28",
  );
});

test("a folder without an authority, and a file that is no certificate, are told of", async () => {
  const folder = temporary();
  await expect(grant(folder, { name: "ann", groups: [] }, ever, now)).rejects.toThrow("cannot read");
  for (const name of ["ca.crt", "ca.key"]) writeFileSync(join(folder, name), "nonsense");
  await expect(grant(folder, { name: "ann", groups: [] }, ever, now)).rejects.toThrow("is no certificate");
  expect(readdirSync(folder)).toHaveLength(2);
});

test("the configuration's lines have the public certificate, and nothing else", async () => {
  const folder = await made();
  const lines = configurationLines(folder);
  expect(lines).toContain("    client_ca: |\n      -----BEGIN CERTIFICATE-----\n");
  expect(lines).not.toContain("PRIVATE");
  expect(existsSync(join(folder, "ca.key"))).toBe(true);
});

test.each(["", "ca", "../ann", "a/b", ".hidden", "-ann", "ann smith", "a".repeat(65), "system:admin"])(
  "nobody is called %j",
  (name) => expect(personProblem({ name, groups: [] })).toBeDefined(),
);

test.each(["", "with space", "g".repeat(65), "\n"])("no group is called %j", (group) =>
  expect(personProblem({ name: "ann", groups: [group] })).toBeDefined(),
);
