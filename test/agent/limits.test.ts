// Files that are meant to take forever, or all memory: each is refused, or read, within a moment.
import { describe, expect, test } from "vitest";
import { loadConfig } from "../../src/agent/cloud-init/load.ts";

const size = 256 * 1024 - 100;
const filled = (piece: string) => piece.repeat(Math.floor(size / piece.length));
/** What takes a second on a quiet machine may take ten on a busy one; what grows with a square takes hours. */
const LIMIT_MS = 15_000;

describe("a file is refused soon that", () => {
  test.each([
    ["opens a list a million times", `a: ${filled("[")}`],
    ["opens a list on each line", filled("- ")],
    ["opens mappings only", `a: ${filled("{a: ")}`],
    ["is one quote after another", filled('"')],
    ["has anchors only", filled("&a ")],
    ["has aliases of nothing", filled("*a ")],
    ["has tags only", filled("!a ")],
    ["begins a document on each line", filled("---\n")],
    ["has a mistake on each line", filled("a: b: c\n")],
    ["has a wrong escape in each third byte", `a: "${filled("\\x ")}"`],
    ["has the same key on each line", filled("hostname: a\n")],
    ["has as many keys as fit", Array.from({ length: 20_000 }, (_, index) => `key${index}: v\n`).join("")],
    ["has as many wrong files as fit", `write_files:\n${filled(" - {path: x}\n")}`],
    ["brings a large mapping in a thousand times", mergedOften()],
    ["is larger than a configuration", `# ${"a".repeat(256 * 1024)}`],
    ["has a name as long as itself", `hostname: ${filled("a")}`],
    ["has a time server as long as itself", `ntp: {servers: ["${filled("a-")}"]}`],
    ["has a key to log in with as long as itself", `ssh_authorized_keys: ["${filled("ssh-rsa ")}"]`],
    [
      "has a certificate without an end",
      `ca_certs: {trusted: ["-----BEGIN CERTIFICATE-----\\n${filled("A")}"]}`,
    ],
    ["has a window of updates as long as itself", `kubesolo: {updates: {window: "${filled("mon,")}"}}`],
    ["has an image as long as itself", `kubesolo: {images: ["${filled("a.tar")}"]}`],
  ])("%s", { timeout: 120_000 }, (_name, body) => {
    const { ms, isGood } = load(body);
    expect(isGood).toBe(false);
    expect(ms).toBeLessThan(LIMIT_MS);
  });
});

describe("a file is read soon that", () => {
  test.each([
    ["has a script as large as may be", `runcmd:\n  - |\n${"    echo a line of text\n".repeat(9_000)}`],
    [
      "has a file as large as may be",
      `write_files:\n  - {path: /run/a, encoding: b64, content: ${"A".repeat(2 ** 17)}}\n`,
    ],
    ["is nothing but comments in long lines", filled(`# ${"a".repeat(1000)}\n`)],
  ])("%s", { timeout: 120_000 }, (_name, body) => {
    const { ms, isGood } = load(body);
    expect(isGood).toBe(true);
    expect(ms).toBeLessThan(LIMIT_MS);
  });
});

function load(body: string) {
  const startedMs = performance.now();
  const { decision } = loadConfig({ userData: { file: "user-data", text: `#cloud-config\n${body}` } });
  return { isGood: decision !== undefined, ms: performance.now() - startedMs };
}

function mergedOften(): string {
  const keys = Array.from({ length: 1000 }, (_, index) => `k${index}: v`).join(", ");
  const users = Array.from({ length: 1000 }, (_, index) => `m${index}: {<<: *a}\n`).join("");
  return `a: &a {${keys}}\n${users}`;
}
