// The first half of a boot on a device in a folder: where a configuration comes from, what is left of it, and that a power
// cut anywhere is made good by the next boot.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { boot } from "./boot.ts";
import type { Load } from "./choice.ts";
import type { Action, Decision } from "./cloud-init/actions.ts";
import {
  type FolderHost,
  folderHost,
  makeDevice,
  PowerCut,
  readDevice,
  type World,
} from "./folder-host.node.ts";
import { readReport, reportLine } from "./report.ts";

/** Decisions are written as JSON here: what turns people's YAML into them has its own tests. */
const load: Load = (sources) => {
  const text = sources.find(({ kind }) => kind === "user-data")?.text ?? "";
  if (text.startsWith("break")) throw new TypeError("no such thing");
  if (!text.startsWith("{")) return { errors: ["user-data:1: not a configuration"], warnings: [] };
  return { decision: JSON.parse(text) as Decision, errors: [], warnings: [] };
};

const decision = (actions: readonly Action[], instanceId = "i-1"): string =>
  JSON.stringify({ instanceId, actions });
const named = (name: string) => decision([{ do: "set-hostname", name }]);

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

function device(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const root = makeDevice({ "usr/share/ca-certificates/ca-certificates.crt": "SYSTEM\n", ...files });
  roots.push(root);
  return root;
}

const bootDevice = (root: string, world?: World): FolderHost => {
  const host = folderHost(root, world);
  boot(host, load, []);
  return host;
};

/** blkid shows these devices; mounting one shows its files. */
function volumes(files: Readonly<Record<string, Readonly<Record<string, string>>>>, blkid: string): World {
  return {
    run: (args, at) => {
      if (args[0] === "blkid") return { stdout: blkid };
      const folder = at("/run/kubesolo-os/configuration-volume");
      if (args[0] === "umount") rmSync(folder, { recursive: true });
      if (args[0] !== "mount") return undefined;
      const path = args.at(-2) ?? "";
      const made = folderHost(folder);
      for (const [name, text] of Object.entries(files[path] ?? {})) made.writeFile(`/${name}`, text);
      return undefined;
    },
  };
}

const stick = "DEVNAME=/dev/sda\nLABEL=cidata\nTYPE=vfat\n";
const esp = "\nDEVNAME=/dev/vda2\nPARTLABEL=KSOLOEFI\nTYPE=vfat\n";
const baked = (text: string) => ({ "usr/lib/kubesolo-os/cloud-init/user-data": text });
const kept = (text: string) => ({ "etc/kubesolo/cloud-init.yaml": text });
const word = (value: string) => ({ "run/kubesolo-os/cmdline": `kubesolo.cloudinit=${value}\n` });
const bootDisk = { "run/kubesolo-os/boot-disk": "vda\n" };
const makeNewer = (root: string, files: Readonly<Record<string, string>>) => {
  const host = folderHost(root);
  for (const [path, text] of Object.entries(files)) host.writeFile(`/${path}`, text);
};
const hostname = (root: string) =>
  readDevice(root, "/etc/kubesolo/hostname")["/etc/kubesolo/hostname"]?.trim();
const line = (root: string) => {
  const report = readReport(folderHost(root));
  return report && reportLine(report);
};

describe("where a configuration is looked for", () => {
  const both = {
    "/dev/sda": { "user-data": named("stick") },
    "/dev/vda2": { "kubesolo/user-data": named("esp") },
  };

  test.each<[string, Record<string, string>, string, string | undefined]>([
    [
      "the command line before all else",
      { ...word(`data:${btoa(named("word"))}`), ...kept(named("kept")) },
      stick + esp,
      "word",
    ],
    ["a stick before the boot partition", { ...bootDisk, ...kept(named("kept")) }, stick + esp, "stick"],
    ["the boot partition before the kept copy", { ...bootDisk, ...kept(named("kept")) }, esp, "esp"],
    [
      "not the boot partition of another disk",
      { "run/kubesolo-os/boot-disk": "vdb\n", ...kept(named("kept")) },
      esp,
      "kept",
    ],
    ["the kept copy, which somebody may have edited", kept(named("kept")), "", "kept"],
    ["a file of a device that the command line names", word("LABEL=cidata:/user-data"), stick + esp, "stick"],
    [
      "the kept copy before the image's own",
      { ...kept(named("kept")), ...baked(named("baked")) },
      "",
      "kept",
    ],
    ["the image's own, when there is no other", baked(named("baked")), "", "baked"],
    ["nowhere", {}, "", undefined],
  ])("%s", (_name, files, blkid, expected) => {
    const root = device(files);
    bootDevice(root, volumes(both, blkid));
    expect(hostname(root)).toBe(expected);
  });

  const ours = {
    ...bootDisk,
    "sys/class/block/vda/uevent": "DEVNAME=vda\n",
    "sys/class/block/vda2/uevent": "DEVNAME=vda2\nPARTNAME=KSOLOEFI\n",
    "sys/class/block/vda5/uevent": "DEVNAME=vda5\nPARTNAME=KSOLODATA\n",
  };
  test.each<[string, Record<string, string>, string[], string]>([
    ["nothing, where there is only our disk", ours, [], "esp"],
    [
      "another disk",
      { ...ours, "sys/class/block/sda/uevent": "DEVNAME=sda\n" },
      ["blkid -c /dev/null -o export /dev/sda"],
      "stick",
    ],
  ])("blkid looks into %s", (_name, files, expected, found) => {
    const root = device(files);
    const { calls } = bootDevice(root, volumes(both, stick));
    expect(calls.filter((call) => call.startsWith("blkid"))).toEqual(expected);
    expect(hostname(root)).toBe(found);
  });

  test("a boot partition of which GRUB says that it has none isn't mounted", () => {
    const root = device({
      ...ours,
      ...kept(named("kept")),
      "run/kubesolo-os/cmdline": "quiet\nkubesolo.esp=empty\n",
    });
    const { calls } = bootDevice(root, volumes(both, stick));
    expect(calls.filter((call) => /^u?mount/.test(call))).toEqual([]);
    expect(hostname(root)).toBe("kept");
  });

  test("the image's own is never kept: a newer image has a newer one", () => {
    const root = device(baked(named("first")));
    bootDevice(root);
    makeNewer(root, baked(named("second")));
    bootDevice(root);
    expect(hostname(root)).toBe("second");
  });

  test("the image's own counts when a stick's is bad and none was kept", () => {
    const root = device(baked(named("baked")));
    bootDevice(root, volumes({ "/dev/sda": { "user-data": "hello" } }, stick));
    expect(hostname(root)).toBe("baked");
    expect(line(root)).toMatch(/^NOT USED, the last good one counts instead \(the image's own\)/);
  });

  test("an image's own that can't be read is told", () => {
    const root = device({ "usr/lib/kubesolo-os/cloud-init/user-data": new Uint8Array([0xff, 0xfe]) });
    bootDevice(root);
    expect(line(root)).toMatch(/^NOT USED, built-in defaults count instead/);
  });

  test("gzip on the command line", () => {
    const root = device(word(`data:${gzipSync(named("small")).toString("base64")}`));
    bootDevice(root);
    expect(hostname(root)).toBe("small");
  });

  test("at an address, asked again until somebody answers", () => {
    const root = device(word("http://boot.example/node.yaml"));
    let asked = 0;
    bootDevice(root, {
      fetch: () => (++asked < 3 ? undefined : { body: new TextEncoder().encode(named("fetched")) }),
    });
    expect([hostname(root), asked]).toEqual(["fetched", 3]);
  });

  test("one whose stick is gone is the kept copy, and is said to be", () => {
    const root = device();
    bootDevice(root, volumes(both, stick));
    expect(line(root)).toBe("cidata (/dev/sda)");
    bootDevice(root);
    expect(line(root)).toBe("cidata (/dev/sda), the kept copy");
    bootDevice(root, volumes(both, stick));
    expect(line(root)).toBe("cidata (/dev/sda)");
  });

  test("a stick is mounted so that nothing on it can do harm, and let go", () => {
    const root = device();
    const { calls } = bootDevice(root, volumes(both, stick));
    expect(calls.filter((call) => /mount/.test(call))).toEqual([
      "mount -t vfat -o ro,nosuid,nodev,noexec /dev/sda /run/kubesolo-os/configuration-volume",
      "umount /run/kubesolo-os/configuration-volume",
    ]);
  });

  test.each<[string, Record<string, string>, string, RegExp]>([
    ["a stick without user-data", {}, "DEVNAME=/dev/sdb\nLABEL=CIDATA\nTYPE=vfat\n", /no file user-data/],
    [
      "a stick with an odd file system",
      {},
      "DEVNAME=/dev/sdb\nLABEL=CIDATA\nTYPE=ntfs\n",
      /holds ntfs, not one of iso9660/,
    ],
    ["a device that never shows up", word("LABEL=GONE:/x"), stick, /no such device after 30 s/],
    ["a file that isn't there", word("LABEL=cidata:/x"), stick, /there is no such file/],
    ["a word that is no base64", word("data:%%%"), "", /not base64/],
    [
      "an address where nobody answers",
      word("http://u:secret@boot.example/x"),
      "",
      /\/\/…@boot.example\/x: nobody/,
    ],
    ["a word for another program", word("ds=nocloud;s=/dev/sda/"), "", /another program/],
  ])("%s is told, and the last good configuration counts", (_name, files, blkid, problem) => {
    const root = device();
    bootDevice(root, volumes(both, stick)); // the last good one
    const again = device({ ...readDevice(root, "/etc"), ...files });
    const { printed } = bootDevice(again, volumes(both, blkid));
    expect(printed.join("\n")).toMatch(problem);
    expect(printed.join("\n")).not.toContain("secret");
    expect(line(again)).toMatch(/^NOT USED, the last good one counts instead \(cidata/);
    expect(hostname(again)).toBe("stick");
  });
});

describe("what lies there as if it were to count, and doesn't, is told:", () => {
  const two = `DEVNAME=/dev/sdb\nLABEL=CIDATA\nTYPE=vfat\n\n${stick}`;
  const user = { "user-data": named("stick") };

  test.each<[string, Record<string, Record<string, string>>, string, string]>([
    [
      "a second stick",
      { "/dev/sda": user, "/dev/sdb": { "user-data": named("other") } },
      two,
      "CIDATA (/dev/sdb) isn't used: cidata (/dev/sda) comes before it, by its device's name",
    ],
    [
      "a name with an ending",
      { "/dev/sda": { ...user, "network-config.yaml": "" } },
      stick,
      `cidata (/dev/sda): "network-config.yaml" isn't read: its name has to be "network-config"`,
    ],
    [
      "a name with another hyphen",
      { "/dev/sda": { ...user, meta_data: "" } },
      stick,
      `"meta_data" isn't read: its name has to be "meta-data"`,
    ],
    [
      "a folder",
      { "/dev/sda": { ...user, "meta-data/x": "" } },
      stick,
      `"meta-data" isn't read: it is no plain file`,
    ],
  ])("%s", (_name, sticks, blkid, warning) => {
    const root = device();
    const { printed } = bootDevice(root, volumes(sticks, blkid));
    expect(hostname(root)).toBe("stick");
    expect(printed.join("\n")).toContain(`init: configuration: warning: `);
    expect(printed.join("\n")).toContain(warning);
    expect(readDevice(root, "/var/log")["/var/log/kubesolo.log"]).toContain(warning);
    expect(readReport(folderHost(root))?.warnings.join()).toContain(warning);
    // It is no reason to doubt the rest.
    expect(line(root)).toBe("cidata (/dev/sda)");
  });

  test.each<[string, Record<string, Record<string, string>>, string]>([
    ["a stick's only file with an ending", { "/dev/sda": { "user-data.txt": named("stick") } }, stick],
    ["one on the boot partition", { "/dev/vda2": { "kubesolo/user-data.txt": named("stick") } }, esp],
  ])("%s, and nothing else is taken for it", (_name, sticks, blkid) => {
    const root = device({ ...bootDisk, ...kept(named("good")) });
    bootDevice(root);
    const { printed } = bootDevice(root, volumes(sticks, blkid));
    expect(printed.join("\n")).toContain(`"user-data.txt" isn't read: its name has to be "user-data"`);
    expect(hostname(root)).toBe("good");
    expect(line(root)).toContain("NOT USED");
  });
});

test("a stick's files may be gzip; what is no text is told", () => {
  const root = device();
  const onStick = (content: string | Uint8Array): World => {
    const world = volumes({ "/dev/sda": { "user-data": "x" } }, stick);
    return {
      run: (args, at) => {
        const result = world.run?.(args, at);
        const path = "/run/kubesolo-os/configuration-volume/user-data";
        if (args[0] === "mount") folderHost(at("/")).writeFile(path, content);
        return result;
      },
    };
  };
  bootDevice(root, onStick(gzipSync(named("zipped"))));
  expect(hostname(root)).toBe("zipped");
  const { printed } = bootDevice(root, onStick(Uint8Array.of(0x23, 0xff, 0xfe)));
  expect(printed.join()).toContain("cannot read it: not UTF-8");
  expect(hostname(root)).toBe("zipped");
});

describe("a bad configuration", () => {
  test.each([
    ["is refused, and the last good one counts", "nonsense", /not a configuration/],
    ["that breaks the parser is as bad", "break", /the parser broke: TypeError: no such thing/],
  ])("%s", (_name, text, problem) => {
    const root = device(kept(named("good")));
    bootDevice(root);
    folderHost(root).writeFile("/etc/kubesolo/cloud-init.yaml", text);
    const { printed } = bootDevice(root);
    expect(printed.join("\n")).toMatch(problem);
    expect(hostname(root)).toBe("good");
    expect(line(root)).toContain("NOT USED, the last good one counts instead");
    expect(readDevice(root, "/var/log")["/var/log/kubesolo.log"]).toMatch(problem);
    // It stays for the person who wrote it.
    expect(readDevice(root, "/etc/kubesolo")["/etc/kubesolo/cloud-init.yaml"]).toBe(text);
  });

  test("without a last good one changes nothing that is set", () => {
    const root = device({ ...kept("nonsense"), "etc/kubesolo/hostname": "by-hand\n" });
    bootDevice(root);
    expect(hostname(root)).toBe("by-hand");
    expect(line(root)).toMatch(/^NOT USED, built-in defaults count instead; 1 problem/);
  });
});

describe("what belongs to the configuration", () => {
  test("goes when it isn't asked for any more; what others made stays", () => {
    const root = device({ ...kept(everything), "etc/kubesolo/own.yaml": "x" });
    bootDevice(root);
    folderHost(root).writeFile("/etc/kubesolo/cloud-init.yaml", decision([]));
    bootDevice(root);
    expect(Object.keys(readDevice(root, "/etc/kubesolo"))).not.toContain("/etc/kubesolo/config.yaml");
    // Without a name of its own, the node would be another one.
    expect(hostname(root)).toBe("node");
    expect(readDevice(root, "/etc/kubesolo")["/etc/kubesolo/own.yaml"]).toBe("x");
  });

  test("isn't written again when nothing is new", () => {
    const root = device(kept(everything));
    bootDevice(root);
    const { calls } = bootDevice(root);
    expect(calls.filter((call) => /^(write|remove|append) \/(etc|usr|data)/.test(call))).toEqual([]);
  });

  test("secrets are for root only", () => {
    const root = device(kept(everything));
    bootDevice(root);
    const host = folderHost(root);
    const files = Object.keys(readDevice(root, "/etc/kubesolo"));
    const open = files.filter((path) => host.stat(path)?.mode === 0o644);
    expect(open.map((path) => path.slice("/etc/kubesolo/".length))).toEqual([
      "ca-certificates.crt",
      "hostname",
      "node-labels.json",
      "ntp-servers",
    ]);
  });

  test("what was done once is done again for another instance only", () => {
    const once: Action = {
      do: "run",
      moment: "boot",
      frequency: "once",
      command: ["once"],
      origin: "bootcmd[0]",
    };
    const each: Action = {
      do: "run",
      moment: "boot",
      frequency: "each-boot",
      command: "each",
      origin: "bootcmd[1]",
    };
    const runs = (root: string) =>
      bootDevice(root).calls.flatMap((call) => /once$|each$/.exec(call)?.[0] ?? []);
    const root = device(kept(decision([once, each])));
    expect([runs(root), runs(root)]).toEqual([["once", "each"], ["each"]]);
    folderHost(root).writeFile("/etc/kubesolo/cloud-init.yaml", decision([once, each], "i-2"));
    expect(runs(root)).toEqual(["once", "each"]);
  });

  test.each<[string, Partial<Extract<Action, { do: "write-file" }>>, RegExp]>([
    ["the read-only root", { path: "/etc/motd" }, /the root file system is read-only/],
    ["the agent's own books", { path: "/etc/kubesolo/agent/owned.json" }, /its own books/],
    ["a path that climbs", { path: "/run/../etc/motd" }, /without "\." and "\.\."/],
    ["a user who isn't there", { path: "/run/x", owner: "www:www" }, /no user "www"/],
  ])("a file can't be written to %s, and the rest goes on", (_name, change, problem) => {
    const root = device(
      kept(
        decision([
          { ...file, ...change },
          { ...file, path: "/run/other" },
        ]),
      ),
    );
    const { printed } = bootDevice(root);
    expect(printed.join("\n")).toMatch(problem);
    expect(readDevice(root, "/run/other")).toEqual({ "/run/other": "text\n" });
  });
});

const file: Extract<Action, { do: "write-file" }> = {
  do: "write-file",
  moment: "boot",
  frequency: "once",
  path: "/usr/local/x",
  content: { encoding: "text", text: "text\n" },
  mode: 0o644,
  append: false,
  isSecret: false,
};

const everything = decision([
  { do: "set-hostname", name: "node" },
  { do: "set-time-servers", servers: ["10.0.0.1"], isEnabled: true },
  { do: "trust-authorities", pem: ["OURS"], removeDefaults: false },
  { do: "keep-accounts", accounts: [] },
  { do: "configure-engine", config: { network: { mtu: 1400 } }, flags: "--debug" },
  { do: "set-node-labels", labels: { site: "barn" } },
  { do: "set-updates", updates: {} },
  { do: "set-probes", probes: {} },
  file,
  { ...file, append: true },
  { ...file, append: true },
  { ...file, path: "/run/passing", append: true },
  { ...file, path: "/usr/local/y", content: { encoding: "base64", text: btoa("y\n"), isGzip: false } },
]);

describe("power cut", () => {
  test("before any change, the next boot ends as if there had been none", () => {
    const before = decision([
      { do: "set-hostname", name: "old" },
      { do: "set-updates", updates: { auto: true } },
      { do: "set-timezone", zone: "UTC" },
    ]);
    /** A device that ran the old configuration, with a stick that has the new one. */
    const prepared = (): string => {
      const root = device(kept(before));
      bootDevice(root);
      rmSync(join(root, "run"), { recursive: true });
      return root;
    };
    const world = () => volumes({ "/dev/sda": { "user-data": everything, "meta-data": "m" } }, stick);
    const lasting = (root: string) => ({ ...readDevice(root, "/etc"), ...readDevice(root, "/usr") });

    const whole = prepared();
    const changes = bootDevice(whole, world()).changes();
    expect(changes).toBeGreaterThan(20);
    for (let cut = 0; cut < changes; cut++) {
      const root = prepared();
      expect(() => bootDevice(root, { ...world(), changes: cut })).toThrow(PowerCut);
      rmSync(join(root, "run"), { recursive: true, force: true }); // memory
      bootDevice(root, world());
      expect(lasting(root), `after ${cut} changes`).toEqual(lasting(whole));
    }
  });

  test("while a new configuration is kept: without its stick, the old or the new counts, never half of each", () => {
    for (let cut = 0; cut < 12; cut++) {
      const root = device(kept(named("old")));
      bootDevice(root);
      const world = volumes({ "/dev/sda": { "user-data": named("new"), "meta-data": "m" } }, stick);
      try {
        bootDevice(root, { ...world, changes: cut });
      } catch (error) {
        expect(error).toBeInstanceOf(PowerCut);
      }
      rmSync(join(root, "run"), { recursive: true, force: true });
      let sources: readonly string[] = [];
      const noting: Load = (texts) => {
        sources = texts.map(({ kind, text }) => `${kind} ${text}`);
        return load(texts);
      };
      boot(folderHost(root), noting, []);
      expect([[`user-data ${named("old")}`], [`user-data ${named("new")}`, "meta-data m"]]).toContainEqual(
        sources,
      );
      expect(line(root)).not.toContain("NOT USED");
    }
  });
});
