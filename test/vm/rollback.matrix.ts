// A release that doesn't work is undone by itself, to the cluster that the old system left.
import { afterAll, beforeAll, expect, test } from "vitest";
import { becomeReady, type Cluster, kubectl } from "../../src/vm/cluster.ts";
import { type ReleaseServer, startReleaseServer } from "../../src/vm/release-server.ts";
import {
  addWords,
  makeFaulty,
  makeReleases,
  releases,
  updatableImage,
} from "../../src/vm/update-releases.ts";
import { bootImage, bootLimit, measure } from "./machine-under-test.ts";

const agent = "kubesolo-os-agent";

let cluster: Cluster;
let web: ReleaseServer;

beforeAll(async () => {
  const { second } = await makeReleases();
  await makeFaulty("panics", second, "0.1.2", (folder) => addWords(folder, "rdinit=/nothing"));
  web = await startReleaseServer(releases);
  cluster = await bootImage("rollback", { offline: false, readOnlyDisks: [] }, { image: updatableImage });
  await becomeReady(cluster, bootLimit);
  await kubectl(cluster, "create", "configmap", "before");
}, 1_200_000);

afterAll(async () => {
  await cluster?.machine.crash();
  web?.server.close();
});

test("one whose kernel panics is undone by itself, told, and not taken again", async () => {
  const { machine } = cluster;
  await machine.succeed(`${agent} apply ${web.url}/panics/`, { timeoutMs: 600_000 });
  await machine.succeed(`${agent} activate`, bootLimit);
  await measure("a release that panics, back to Ready", async () => {
    machine.console.skipToEnd();
    await machine.execute("reboot").catch(() => undefined);
    for (let tries = 0; tries < 3; tries++) {
      await machine.waitForConsole(/starting slot B.*Kernel panic/s, bootLimit);
      // A panic that is meant: what was read before doesn't count any more.
      machine.console.skipToEnd();
    }
    await machine.waitForConsole(/starting slot A/, bootLimit);
    await becomeReady(cluster, bootLimit);
  });
  await machine.until(`${agent} history | grep failed`, bootLimit);
  expect(await machine.succeed(`${agent} history`)).toMatch(/failed +0\.1\.2, slot B: tries-exhausted/);
  expect(await machine.fail(`${agent} apply ${web.url}/panics/`, bootLimit)).toContain(
    "0.1.2 failed here before",
  );
  await kubectl(cluster, "get", "configmap", "before");
}, 900_000);
