// An image of `build --with nfs`: pods with volumes from a real NFS server, with and without options.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildPath, sourcePath } from "../../src/lib/paths.ts";
import { run } from "../../src/lib/run.ts";
import { becomeReady, type Cluster, importImages, kubectl } from "../../src/vm/cluster.ts";
import {
  bootImage,
  bootLimit,
  busyboxSerial,
  manifestPath,
  podLimit,
  waitForPod,
} from "./machine-under-test.ts";
import { type NfsServer, startNfsServer } from "./nfs-server.ts";

let server: NfsServer;
let cluster: Cluster;

beforeAll(async () => {
  await run([sourcePath("bin/kubesolo-os"), "build", "disk", "--with", "nfs"]);
  server = await startNfsServer(buildPath("test/nfs-server"));
  writeFileSync(join(server.shared, "greeting"), "from another machine\n");
  cluster = await bootImage("nfs", { offline: false }, { image: "image-nfs" });
  await becomeReady(cluster, bootLimit);
  await importImages(cluster.machine, busyboxSerial, podLimit);
  await kubectl(cluster, "apply", "--filename", manifestPath("shared-folder"));
  await waitForPod(cluster, "reader");
}, 1_200_000);

afterAll(async () => {
  await cluster?.machine.crash();
  await server?.[Symbol.asyncDispose]();
});

test.each(["plain", "claimed"])("a pod reads and writes the folder %s", async (folder) => {
  const inPod = (script: string) => kubectl(cluster, "exec", "reader", "--", "sh", "-c", script);
  expect(await inPod(`cat /${folder}/greeting`)).toBe("from another machine\n");
  await inPod(`echo ${folder} >/${folder}/${folder}`);
  expect(readFileSync(join(server.shared, folder), "utf8")).toBe(`${folder}\n`);
  expect(await inPod(`grep /${folder} /proc/mounts`)).toMatch(/^10\.0\.2\.2:\/shared .* nfs4 .*vers=4\.2/);
});
