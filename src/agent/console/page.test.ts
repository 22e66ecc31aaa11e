import { expect, test } from "vitest";
import { decodeScreen } from "../../../test/screen-code.ts";
import { drawCode } from "./code.ts";
import { accessLink, COLUMNS, layOut, wrap } from "./page.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const FINGERPRINT = `SHA256:${"aB3/".repeat(10)}xyz`;
const status = `KubeSolo OS 1.2.3, slot A
  name       kiosk-7
  addresses  eth0 192.168.1.12
  node       Ready, 38.2 s after the engine's start
  data       /dev/vda5, 2900 of 3000 MB free
  boot       5.10 s until the engine was started
  API        https://192.168.1.12:6443
  kubeconfig /var/lib/kubesolo/pki/admin/admin.kubeconfig
  CA         ${FINGERPRINT}
`;
const link = `https://192.168.1.12:6443#${FINGERPRINT}`;

test("how to get in is the address and the fingerprint, in one word", () => {
  expect(accessLink(status)).toBe(link);
});

test.each(["  API        https://ADDRESS:6443", "  API        "])(
  "without an address (%j) there is none",
  (line) => {
    expect(accessLink(status.replace(/ {2}API.*/, line))).toBeUndefined();
  },
);

test("without a fingerprint there is none", () => {
  expect(accessLink(status.replace(/ {2}CA.*\n/, ""))).toBeUndefined();
});

test.each([link, link.replace("192.168.1.12", "192.168.100.100"), "Ä"])(
  "a reader reads the code of %j",
  (text) => {
    expect(decodeScreen(drawCode(text, utf8).join("\n"))).toBe(text);
  },
);

test.each([link, link.replace("192.168.1.12", "192.168.100.100")])(
  "text and code of %s fit on a screen",
  (text) => {
    const page = layOut(status, drawCode(text, utf8));
    const lines = page.trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(23);
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(COLUMNS);
    expect(decodeScreen(page)).toBe(text);
    expect(page.replace(/[█▀▄]/g, "")).toContain("  name       kiosk-7");
  },
);

test("a text that fills the screen goes before the code", () => {
  const long = `${status}${"  why        a reason\n".repeat(12)}`;
  expect(layOut(long, drawCode(link, utf8))).toBe(`${wrap(long, COLUMNS).join("\n")}\n`);
});

test("without a code it is the text", () => {
  expect(layOut("a\n  b\n", [])).toBe("a\n  b\n");
});

test("what is too long goes on below its value, and a long word is cut", () => {
  expect(wrap("  node       one two three", 20)).toEqual(["  node       one two", "             three"]);
  expect(wrap("  CA         abcdefghij", 16)).toEqual([
    "  CA         abc",
    "             def",
    "             ghi",
    "             j",
  ]);
});
