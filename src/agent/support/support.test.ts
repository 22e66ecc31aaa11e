// A support bundle of a device in a folder: what is in it, and that no secret is.
import { existsSync, statSync } from "node:fs";
import { expect, test } from "vitest";
import { makeSupportBundle, readSupportBundle } from "../../../test/agent/device/support-bundle.ts";

test("it has a file for each part, what couldn't be had, and leaves nothing else behind", async () => {
  const { code, archive, printed, root } = makeSupportBundle({
    files: { "/var/log/kubesolo.log": "init: 20-persistent-mount: hello\n" },
    programs: {
      dmesg: "[    0.1] a kernel\n",
      "kubesolo kubectl describe nodes": { exitCode: 1, stderr: "connection refused\n" },
      "df -P -k": { exitCode: 1 },
    },
  });
  expect([code, printed.at(-1)]).toEqual([0, "/run/kubesolo-os/support.tar.gz"]);
  const { index, parts } = await readSupportBundle(archive);
  expect(index).toEqual({
    ...{ format: 1, version: "1.2.3", machine: "edge-7", madeMs: Date.UTC(2026, 0, 1) },
    missing: {
      "nodes.txt": "kubectl describe nodes: exit code 1",
      "objects.txt": "the API server didn't answer; the API server didn't answer",
      "events.txt": "the API server didn't answer",
      "disks.txt": "df -P -k: exit code 1",
    },
  });
  expect(parts["system.log"]).toBe("# /var/log/kubesolo.log\ninit: 20-persistent-mount: hello\n");
  expect(parts["kernel.log"]).toBe("# dmesg\n[    0.1] a kernel\n");
  expect(parts["configuration.txt"]).toContain("CIDATA (/dev/sda)");
  expect(statSync(archive).mode & 0o777).toBe(0o600);
  expect(existsSync(`${root}/run/kubesolo-os/support/77`)).toBe(false);
});
