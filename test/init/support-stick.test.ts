// A stick for a support bundle: when the agent is asked, and what the console shows.
import { expect, test } from "vitest";
import { runScript, type ScriptSetup } from "./script.ts";

const onlyOurs = {
  "run/kubesolo-os/boot-disk": "vda\n",
  "dev/console": "",
  "var/log/x": "",
  "sys/class/block/vda/device/x": "",
  "sys/class/block/vda/vda5/uevent": "DEVNAME=vda5\nPARTNAME=KSOLODATA\n",
};
const withStick = { ...onlyOurs, "sys/class/block/sdb/device/x": "" };
const asked = "timeout -s KILL 300 kubesolo-os-agent support --stick";
const write = (setup: ScriptSetup) =>
  runScript("lib/support-stick.sh", { ...setup, after: "write_support; ls $STATE" });

test.each<[string, Record<string, string>, string[]]>([
  ["nothing is looked at where there is only the system's own disk", onlyOurs, []],
  ["nor is the agent for any other stick", { ...withStick, blkid: "/dev/sdb LABEL=CIDATA TYPE=vfat\n" }, []],
  ["it is for one", { ...withStick, blkid: "/dev/sdb LABEL=KSOLOHELP TYPE=vfat\n" }, [asked]],
  ["in small letters, too", { ...withStick, blkid: "/dev/sdb1 LABEL=ksolohelp TYPE=ext4\n" }, [asked]],
])("%s", (_name, files, calls) => {
  expect(write({ files })).toMatchObject({ calls, messages: [] });
});

test("once it is pulled out, the status no longer speaks of it", () => {
  const told = { "run/kubesolo-os/support-status": "x\n", "run/kubesolo-os/support-sticks": "[]\n" };
  expect(write({ files: { ...onlyOurs, ...told } }).output).toBe("boot-disk\ncmdline\n");
  const files = { ...withStick, ...told, blkid: "/dev/sdb LABEL=KSOLOHELP TYPE=vfat\n" };
  expect(write({ files }).output).toContain("support-status\n");
});

test("a boot that ends writes onto a stick that is there", () => {
  const files = { ...withStick, blkid: "/dev/sdb LABEL=KSOLOHELP TYPE=vfat\n" };
  const { calls, file } = runScript("lib/base.sh", { files, after: "die broken" });
  expect(file("var/log/kubesolo.log")).toBe("init: base: broken\n");
  expect(calls.filter((call) => !call.startsWith("modprobe"))).toEqual([asked, "sleep 10", "reboot -f"]);
});

test("the status says how it went", () => {
  const files = { "run/kubesolo-os/support-status": "a.tar.gz is on KSOLOHELP (/dev/sdb): pull it out\n" };
  expect(runScript("services/status", { files }).output).toMatch(
    /^ {2}support {4}a\.tar\.gz is on KSOLOHELP \(\/dev\/sdb\): pull it out$/m,
  );
});
