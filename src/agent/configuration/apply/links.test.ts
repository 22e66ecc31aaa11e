// Links on the device: what is the system's own stays so, wherever a path seems to lead.
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { dirname } from "node:path";
import { afterEach, expect, test } from "vitest";
import { folderHost, makeDevice, type World } from "../../../../test/agent/device/folder-host.ts";
import type { Action } from "../../cloud-init/actions.ts";
import { applyAtBoot } from "./apply.ts";

const own = "/var/lib/kubesolo/kine/state.db";
const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

type Links = readonly (readonly [path: string, target: string])[];

function apply(links: Links, action: Action) {
  const root = makeDevice({ [own.slice(1)]: "ours", "usr/local/folder/x": "", "etc/kubesolo/certs.d/x": "" });
  roots.push(root);
  for (const [path, target] of links) {
    mkdirSync(dirname(root + path), { recursive: true });
    symlinkSync(root + target, root + path);
  }
  const host = folderHost(root, { run: (args, at) => readlink(args, at, root) });
  const problems = applyAtBoot(host, { instanceId: "i-1", actions: [action] });
  return { problems, root, own: readFileSync(root + own, "utf8") };
}

/** As BusyBox has it: nothing, where a link has no end. */
const readlink = (
  [program, , link]: readonly string[],
  at: Parameters<NonNullable<World["run"]>>[1],
  root: string,
) => {
  if (program !== "readlink" || link === undefined) return undefined;
  return existsSync(at(link))
    ? { stdout: `${realpathSync(at(link)).slice(root.length)}\n` }
    : { exitCode: 1 };
};

const write = (path: string, append = false): Action => ({
  do: "write-file",
  moment: "boot",
  frequency: "once",
  path,
  content: { encoding: "text", text: "mine" },
  mode: 0o644,
  append,
  isSecret: false,
});
const swap = (file: string): Action => ({ do: "set-swap", sizeBytes: 2 ** 20, file });

test.each<[string, Links, Action]>([
  [
    "through a folder that is a link",
    [["/usr/local/a", "/var/lib/kubesolo/kine"]],
    write("/usr/local/a/state.db"),
  ],
  ["through a link far above it", [["/run/a", "/var/lib"]], write("/run/a/kubesolo/kine/state.db")],
  [
    "through two links",
    [
      ["/usr/local/b", "/var/lib/kubesolo"],
      ["/usr/local/a", "/usr/local/b"],
    ],
    write("/usr/local/a/kine/state.db"),
  ],
  ["by adding to what is a link", [["/usr/local/a", own]], write("/usr/local/a", true)],
  ["as swap", [["/usr/local/a", "/var/lib/kubesolo/kine"]], swap("/usr/local/a/state.db")],
])("refused: %s", (_name, links, action) => {
  const { problems, own: content } = apply(links, action);
  expect(problems).toEqual([
    expect.stringContaining(`a link leads to ${own}: the cluster's database is there`),
  ]);
  expect(content).toBe("ours");
});

test.each<[string, Links, Action, string]>([
  ["a link without an end", [["/usr/local/a", "/nowhere"]], write("/usr/local/a/x"), "leads nowhere"],
  ["registries", [["/usr/local/a", "/etc/kubesolo/certs.d"]], write("/usr/local/a/x"), "a link leads to"],
  ["the root", [["/usr/local/a", "/usr"]], write("/usr/local/a/bin"), "the root file system is read-only"],
])("refused: %s", (_name, links, action, reason) => {
  expect(apply(links, action).problems).toEqual([expect.stringContaining(reason)]);
});

test("a link to what is people's own is followed", () => {
  const { problems, root } = apply([["/usr/local/a", "/usr/local/folder"]], write("/usr/local/a/x"));
  expect(problems).toEqual([]);
  expect(readFileSync(`${root}/usr/local/folder/x`, "utf8")).toBe("mine");
});

test("a link at the path itself is replaced, and what it led to stays", () => {
  const { problems, root, own: content } = apply([["/usr/local/a", own]], write("/usr/local/a"));
  expect(problems).toEqual([]);
  expect([readFileSync(`${root}/usr/local/a`, "utf8"), content]).toEqual(["mine", "ours"]);
});

const engine = (config: Record<string, unknown>, flags = ""): Action => ({
  do: "configure-engine",
  config,
  flags,
});
const shared = (sharedPath: string) => ({ storage: { localPath: { sharedPath, strict: true } } });

test.each<[string, Links, Action, string[]]>([
  [
    "by the engine's file",
    [["/usr/local/v", "/var/lib/kubesolo/kine"]],
    engine(shared("/usr/local/v")),
    ['"strict": true'],
  ],
  [
    "by a flag",
    [["/usr/local/v", "/etc/kubesolo/certs.d"]],
    engine({}, "--mtu=1400 --local-storage-shared-path=/usr/local/v/x --debug"),
    ["--mtu=1400 --debug\n"],
  ],
  [
    "by a flag in two words",
    [["/usr/local/v", "/var/lib/kubesolo"]],
    engine({}, "--local-storage-shared-path /usr/local/v/kine"),
    [],
  ],
])("volumes where a link leads to the system's own are left out: %s", (_name, links, action, kept) => {
  const { problems, root } = apply(links, action);
  expect(problems).toEqual([expect.stringMatching(/^no volumes in \/usr\/local\/v.*: a link leads to/)]);
  const texts = ["config.yaml", "engine-flags"]
    .map((name) => `${root}/etc/kubesolo/${name}`)
    .filter(existsSync)
    .map((path) => readFileSync(path, "utf8"));
  expect(texts.join("")).not.toContain("/usr/local/v");
  for (const text of kept) expect(texts.join("")).toContain(text);
});

test("volumes behind a link to a folder of people's are where it leads", () => {
  const { problems, root } = apply([["/usr/local/v", "/usr/local/folder"]], engine(shared("/usr/local/v")));
  expect(problems).toEqual([]);
  expect(readFileSync(`${root}/etc/kubesolo/config.yaml`, "utf8")).toContain('"/usr/local/v"');
});
