// Updates on a real disk: from a web server into the other slot, tried, confirmed; a release that doesn't work is undone by itself.
import { once } from "node:events";
import { createReadStream, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readKit } from "../../src/lib/built.ts";
import { becomeReady, type Cluster, importImages, kubectl } from "../../src/vm/cluster.ts";
import { deployNginx, nginxDisk, waitForNginx } from "../../src/vm/nginx.ts";
import {
  bootImage,
  bootLimit,
  busyboxSerial,
  manifestPath,
  measure,
  podLimit,
  untilPrints,
  waitForPod,
} from "./machine-under-test.ts";
import { hostAddress } from "./registry-server.ts";
import {
  addWords,
  makeFaulty,
  makeReleases,
  makeStick,
  releases,
  updatableImage,
} from "./update-releases.ts";

const agent = "kubesolo-os-agent";
/** Beginnings of the slot that mustn't change. */
const slotSum = "dd if=/dev/vda4 bs=1M count=24 2>/dev/null | sha256sum";

let cluster: Cluster;
let server: Server;
let url: string;

beforeAll(async () => {
  const { second } = await makeReleases();
  await makeFaulty("panics", second, "0.1.2", (folder) => addWords(folder, "rdinit=/nothing"));
  server = createServer(serve);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://${hostAddress}:${(server.address() as AddressInfo).port}`;
  const { nginxArchive, busyboxArchive } = readKit();
  const disks = [nginxDisk(nginxArchive), { path: busyboxArchive, serial: busyboxSerial }];
  const readOnlyDisks = [...disks, { path: await makeStick(second), serial: "stick" }];
  cluster = await bootImage("update", { offline: false, readOnlyDisks }, { image: updatableImage });
  await becomeReady(cluster, bootLimit);
  await importImages(cluster.machine, busyboxSerial, podLimit);
  await deployNginx(cluster, podLimit);
  await kubectl(cluster, "apply", "--filename", manifestPath("volume"));
  await waitForPod(cluster, "writer");
  await waitForNginx(cluster, podLimit);
}, 1_200_000);

afterAll(async () => {
  await cluster?.machine.crash();
  server?.close();
});

test("what isn't signed by the image's keys is refused, and the slot keeps its bytes", async () => {
  const before = await cluster.machine.succeed(slotSum, bootLimit);
  const refused = await cluster.machine.fail(`${agent} apply ${url}/nothing.tar`, bootLimit);
  expect(refused).toContain("404");
  expect(await cluster.machine.succeed(slotSum, bootLimit)).toBe(before);
});

test("a stick with a bundle is found", async () => {
  const said = await cluster.machine.succeed(`${agent} check`, bootLimit);
  expect(said).toMatch(/^0\.1\.1, sequence 2, Kubernetes v\S+: can be installed$/m);
  await cluster.machine.fail("grep update-volume /proc/mounts");
});

test("a release from a web server is written, tried and confirmed, and the cluster is the same", async () => {
  const { machine } = cluster;
  await measure("apply a bundle from a web server", () =>
    machine.succeed(`${agent} apply ${url}/second.tar`, { timeoutMs: 600_000 }),
  );
  expect(await machine.succeed(`${agent} activate`, bootLimit)).toContain("0.1.1 is on trial");
  await measure("reboot into the new system, to nginx", async () => {
    await machine.reboot(bootLimit);
    await becomeReady(cluster, bootLimit);
    await waitForNginx(cluster, podLimit);
  });
  await machine.waitForConsole(/update: 0\.1\.1 is healthy, and counts from now on/, bootLimit);
  expect(await machine.succeed(`${agent} status`, bootLimit)).toMatch(/0\.1\.1, slot B: confirmed/);
  await untilPrints(cluster, ["logs", "writer"], /^(line\n){2}$/);
});

test("one whose kernel panics is undone by itself, told, and not taken again", async () => {
  const { machine } = cluster;
  await machine.succeed(`${agent} apply ${url}/panics/`, { timeoutMs: 600_000 });
  await machine.succeed(`${agent} activate`, bootLimit);
  await measure("a release that panics, back to Ready", async () => {
    machine.console.skipToEnd();
    await machine.execute("reboot").catch(() => undefined);
    for (let tries = 0; tries < 3; tries++) {
      await machine.waitForConsole(/starting slot A.*Kernel panic/s, bootLimit);
      // A panic that is meant: what was read before doesn't count any more.
      machine.console.skipToEnd();
    }
    await machine.waitForConsole(/starting slot B/, bootLimit);
    await becomeReady(cluster, bootLimit);
  });
  await machine.until(`${agent} history | grep failed`, bootLimit);
  expect(await machine.succeed(`${agent} history`)).toMatch(/failed +0\.1\.2, slot A: tries-exhausted/);
  expect(await machine.fail(`${agent} apply ${url}/panics/`, bootLimit)).toContain(
    "0.1.2 failed here before",
  );
  await untilPrints(cluster, ["logs", "writer"], /^(line\n){3}$/);
});

/** Files of `releases`, with ranges. */
function serve(request: IncomingMessage, response: ServerResponse): void {
  const path = join(releases, new URL(request.url ?? "/", "http://x").pathname);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() !== true) {
    response.writeHead(404).end("nothing here");
    return;
  }
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
  if (from === undefined) {
    response.writeHead(200, { "content-length": stat.size });
    createReadStream(path).pipe(response);
    return;
  }
  const start = Number(from);
  const end = Math.min(to ? Number(to) : stat.size - 1, stat.size - 1);
  response.writeHead(206, {
    "content-length": end - start + 1,
    "content-range": `bytes ${start}-${end}/${stat.size}`,
  });
  createReadStream(path, { start, end }).pipe(response);
}
