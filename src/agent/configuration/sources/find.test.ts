// Where a boot finds its configuration, on a device in a folder.
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
  baked,
  bootDevice,
  bootDisk,
  device,
  esp,
  hostname,
  kept,
  line,
  makeNewer,
  named,
  stick,
  volumes,
  word,
} from "../../../../test/agent/device/booted-device.ts";
import { folderHost, readDevice, type World } from "../../../../test/agent/device/folder-host.ts";
import { readReport } from "../report.ts";

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
