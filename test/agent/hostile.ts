// Files that are meant to take forever, or all memory. Node and the built agent refuse or read each within a moment.

const size = 256 * 1024 - 100;
const filled = (piece: string) => piece.repeat(Math.floor(size / piece.length));

/** Name and text of each, without its first line. */
type Files = readonly (readonly [name: string, body: string])[];

export const refusedFiles: Files = [
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
  [
    "has a certificate without an end",
    `ca_certs: {trusted: ["-----BEGIN CERTIFICATE-----\\n${filled("A")}"]}`,
  ],
  ["has a window of updates as long as itself", `kubesolo: {updates: {window: "${filled("mon,")}"}}`],
  [
    "has a card's pattern as long as itself",
    `network: {version: 2, ethernets: {e: {dhcp4: true, match: {name: "${filled("[")}"}}}}`,
  ],
  [
    "has a driver's pattern of stars",
    `network: {version: 2, ethernets: {e: {dhcp4: true, match: {driver: "${"*".repeat(1000)}x"}}}}`,
  ],
  ["has an image as long as itself", `kubesolo: {images: ["${filled("a.tar")}"]}`],
];

export const readFiles: Files = [
  ["has a script as large as may be", `runcmd:\n  - |\n${"    echo a line of text\n".repeat(9_000)}`],
  [
    "has a file as large as may be",
    `write_files:\n  - {path: /run/a, encoding: b64, content: ${"A".repeat(2 ** 17)}}\n`,
  ],
  ["is nothing but comments in long lines", filled(`# ${"a".repeat(1000)}\n`)],
  [
    "has a text in double quotes as large as may be",
    `write_files: [{path: /run/a, content: "${filled("a")}"}]`,
  ],
  ["has a key to log in with as long as itself", `ssh_authorized_keys: ["${filled("ssh-rsa ")}"]`],
  ["has one of escapes only", `write_files: [{path: /run/a, content: "${filled("\\x41")}"}]`],
  ["has one of line ends only", `write_files: [{path: /run/a, content: "${filled("\\n")}"}]`],
];

function mergedOften(): string {
  const keys = Array.from({ length: 1000 }, (_, index) => `k${index}: v`).join(", ");
  const users = Array.from({ length: 1000 }, (_, index) => `m${index}: {<<: *a}\n`).join("");
  return `a: &a {${keys}}\n${users}`;
}
