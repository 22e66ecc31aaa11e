// Folders of releases with channels, on a device in a folder: which release is taken, and who may say so.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { configuredFiles } from "../../../../test/agent/device/configured-files.ts";
import { readDevice } from "../../../../test/agent/device/folder-host.ts";
import { keysFiles, type Published, publishedFiles } from "../../../../test/agent/device/release-folder.ts";
import { boot, signer } from "../../../../test/agent/device/updatable-device.ts";
import { bareDevice, agent as run } from "../../../../test/agent/device/update-run.ts";
import { makeSigner } from "../../../../test/update-signer.ts";

type Files = Readonly<Record<string, string | Uint8Array>>;

function device(...files: Files[]): string {
  return bareDevice(Object.assign({}, configuredFiles({ updates: { source: "/srv" } }), ...files));
}

function put(root: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

const agent = (root: string, ...args: string[]) => run(root, args);

const version = (text: string, changed: Published["changed"] = {}): Published => ({ version: text, changed });

describe("the release that is taken", () => {
  const other = version("1.5.0", { profile: "hardware" });
  test.each<[string, Published[], RegExp]>([
    ["the newest", [version("1.1.0"), version("1.3.0"), version("1.2.0")], /^1\.3\.0, sequence 4/],
    ["not one for others", [version("1.1.0"), other], /^1\.1\.0, sequence 2/],
    [
      "one on the way to what can't be reached at once",
      [version("1.1.0"), version("1.3.0", { min_compatible_version: "1.1.0" })],
      /^1\.1\.0, sequence 2/,
    ],
    [
      "none, as what runs is the newest",
      [version("1.0.0")],
      /number 1 of 2026-\S+ has nothing newer than 1\.0\.0$/,
    ],
    ["none, as there is none for such a machine", [other], /has nothing for this machine$/],
  ])("%s", (_name, releases, said) => {
    expect(agent(device(publishedFiles(releases)), "check")).toMatchObject({
      code: 0,
      said: expect.stringMatching(said),
    });
  });

  test("none, and why, when there are newer ones that can't be taken", () => {
    const root = device(publishedFiles([version("1.3.0", { min_compatible_version: "1.1.0" })]));
    expect(agent(root, "check")).toMatchObject({
      code: 1,
      said: expect.stringContaining("1.3.0: can be installed over 1.1.0 and later, and this is 1.0.0"),
    });
  });

  test("is installed, and is nothing new then", () => {
    const root = device(publishedFiles([version("1.1.0")]));
    expect(agent(root, "update")).toMatchObject({ code: 0, calls: expect.arrayContaining(["reboot"]) });
    boot(root);
    agent(root, "trial", "watch");
    expect(agent(root, "update")).toMatchObject({
      code: 0,
      said: expect.stringMatching(/nothing newer than 1\.1\.0$/),
    });
  });

  test("isn't one that failed here, unless a person insists", () => {
    const root = device(publishedFiles([version("1.1.0"), version("1.2.0")]), {
      "/data/update/books.json": JSON.stringify({ quarantine: ["1.2.0"], history: [] }),
    });
    expect(agent(root, "check").said).toMatch(/^1\.1\.0/);
    expect(agent(root, "check", "--again").said).toMatch(/^1\.2\.0/);
  });

  test("is that of the channel which the configuration names", () => {
    const updates = { source: "/srv/", channel: "beta" };
    const root = device(
      configuredFiles({ updates }),
      publishedFiles([version("1.1.0")]),
      publishedFiles([version("1.2.0")], { channel: "beta" }),
    );
    expect(agent(root, "check").said).toMatch(/^1\.2\.0/);
  });
});

describe("a channel", () => {
  const slot = (root: string) => readDevice(root, "/disks/vda4");

  test.each<[string, Files, RegExp]>([
    [
      "that isn't signed",
      { "/srv/channel/stable.json.minisig": "" },
      /stable\.json: the signature is no minisign/,
    ],
    [
      "that was changed",
      { "/srv/channel/stable.json": "{}" },
      /stable\.json: the signature of the key \S+ is of other/,
    ],
    [
      "by a stranger",
      publishedFiles([version("1.1.0")], { by: makeSigner(9) }),
      /stable\.json: it is signed by the key \S+, which isn't known here/,
    ],
    [
      "under another's name",
      Object.fromEntries(
        Object.entries(publishedFiles([version("1.1.0")], { channel: "beta" })).map(([path, content]) => [
          path.replace("beta", "stable"),
          content,
        ]),
      ),
      /stable\.json is the channel beta/,
    ],
    [
      "of a release that isn't there",
      publishedFiles([], {
        releases: [
          {
            ...{ version: "1.4.0", sequence: 5, architecture: "amd64", profile: "vm", kubernetes: "v1.37.2" },
            ...{ min_compatible_version: "1.0.0", manifest_sha256: "0".repeat(64) },
          },
        ],
      }),
      /releases\/0{64}\.tar/,
    ],
  ])("%s is refused, and the slot keeps its bytes", (_name, files, said) => {
    const root = device(publishedFiles([version("1.1.0")]), files);
    const before = slot(root);
    expect(agent(root, "update")).toMatchObject({ code: 1, said: expect.stringMatching(said) });
    expect(slot(root)).toEqual(before);
  });

  test("that says another release than its bundle holds is refused", () => {
    const files = publishedFiles([version("1.1.0"), version("1.2.0")]);
    const [older = "", newer = ""] = Object.keys(files).filter((path) => path.endsWith(".tar"));
    const root = device(files, { [newer]: files[older] ?? "" });
    expect(agent(root, "update").said).toContain(`${newer} holds another release than its channel says`);
  });

  test("of an older number than was seen here is refused", () => {
    const root = device(publishedFiles([version("1.1.0")], { number: 7 }));
    expect(agent(root, "check").code).toBe(0);
    put(root, publishedFiles([version("1.1.0")], { number: 6 }));
    expect(agent(root, "check")).toMatchObject({
      code: 1,
      said: expect.stringContaining("it has the number 6, and 7 was seen here before"),
    });
    put(root, publishedFiles([version("1.2.0")], { number: 8 }));
    expect(agent(root, "check").said).toMatch(/^1\.2\.0/);
  });
});

describe("keys", () => {
  const [second, third, thief] = [makeSigner(2), makeSigner(3), makeSigner(9)];
  const to2 = keysFiles({ number: 2, roots: [signer], release: second, signedBy: [signer] });
  const to3 = keysFiles({ number: 3, roots: [third], release: third, signedBy: [signer, third] });

  test("are followed over all that were missed, and kept; those before don't count any more", () => {
    const root = device(to2, to3, publishedFiles([version("1.1.0")], { by: third }));
    expect(agent(root, "check").said).toMatch(/keys of number 2 .*keys of number 3 .*1\.1\.0, sequence 2/s);
    put(root, publishedFiles([version("1.2.0")], { number: 2 }));
    expect(agent(root, "check").said).toMatch(/which isn't known here/);
    // Also where only the bundle is.
    const bundle =
      Object.keys(publishedFiles([version("1.2.0")])).find((path) => path.endsWith(".tar")) ?? "";
    expect(agent(root, "check", bundle).code).toBe(1);
  });

  test("of a thief of the release key aren't followed, and no news is lost by them", () => {
    const forged = keysFiles({ number: 2, roots: [thief], release: thief, signedBy: [thief] });
    const root = device(forged, publishedFiles([version("1.1.0")]));
    expect(agent(root, "check")).toMatchObject({
      code: 0,
      said: expect.stringMatching(/keys\/2\.json: .* signed by 0 root keys .*1\.1\.0/s),
    });
  });

  test("that somebody puts onto the data partition don't count", () => {
    const text = String(
      keysFiles({ number: 2, roots: [thief], release: thief, signedBy: [thief] })["/srv/keys/2.json"],
    );
    const kept = JSON.stringify({ text, signatures: [thief.sign(text)] });
    const root = device(
      { "/data/update/keys/2.json": kept },
      publishedFiles([version("1.1.0")], { by: thief }),
    );
    expect(agent(root, "check")).toMatchObject({
      code: 1,
      said: expect.stringMatching(/which isn't known here/),
    });
  });

  test("new ones have channels begin to count anew", () => {
    const root = device(publishedFiles([version("1.1.0")], { number: 900 }));
    agent(root, "check");
    put(root, { ...to2, ...publishedFiles([version("1.1.0")], { number: 3, by: second }) });
    expect(agent(root, "check").said).toMatch(/^1\.1\.0, sequence 2/m);
  });
});

describe("keys of the configuration", () => {
  const own = makeSigner(5);
  const configured = configuredFiles({ updates: { source: "/srv", keys: [own.line] } });
  const releases = publishedFiles([version("1.1.0")], { by: own });

  test.each<[string, Files, number]>([
    [
      "count where it was the node's first",
      { "/data/update/trusted-keys.json": JSON.stringify({ keys: [own.line] }) },
      0,
    ],
    ["don't where another one was", { "/data/update/trusted-keys.json": JSON.stringify({ keys: [] }) }, 1],
    ["don't before it was applied", {}, 1],
  ])("%s", (_name, files, code) => {
    expect(agent(device(configured, releases, files), "check").code).toBe(code);
  });
});
