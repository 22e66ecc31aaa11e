import { describe, expect, test } from "vitest";
import { parseServer, serverUrl } from "./server.ts";

const MARK = `SHA256:${"A".repeat(43)}`;

describe("a box's address is taken as people write it:", () => {
  test.each<[string, string, string | undefined]>([
    ["192.168.1.10", "https://192.168.1.10:6443", undefined],
    [" box.example.com ", "https://box.example.com:6443", undefined],
    ["box:7443", "https://box:7443", undefined],
    ["https://box", "https://box:6443", undefined],
    ["https://box:443/", "https://box:443", undefined],
    ["fd00::9", "https://[fd00::9]:6443", undefined],
    ["[fd00::9]:7443", "https://[fd00::9]:7443", undefined],
    [`https://192.168.1.10:6443#${MARK}`, "https://192.168.1.10:6443", MARK],
  ])("%s", (text, url, fingerprint) => {
    const server = parseServer(text);
    expect(server && serverUrl(server)).toBe(url);
    expect(server?.fingerprint).toBe(fingerprint);
  });

  test.each(["", "http://box", "https://box/api", "me@box", "box:99999", "a b", "box#nothing", "box?a=1"])(
    "not %j",
    (text) => expect(parseServer(text)).toBeUndefined(),
  );
});
