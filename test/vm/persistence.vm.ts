// What stays when the power goes. A clean reboot, and restarts of the engine alone: test/sandbox, restarts.matrix.ts.
import { afterAll, beforeAll, expect, test } from "vitest";
import { becomeReady, type Cluster, kubectl } from "../../src/vm/cluster.ts";
import { waitForNginx } from "../../src/vm/nginx.ts";
import {
  askNginx,
  bootLimit,
  manifestPath,
  measure,
  podLimit,
  restoreDeployed,
  untilPrints,
  waitForPod,
} from "./machine-under-test.ts";

let cluster: Cluster;

beforeAll(async () => {
  cluster = await restoreDeployed("persistence");
  await kubectl(cluster, "apply", "--filename", manifestPath("volume"));
  await waitForPod(cluster, "writer");
  expect(await kubectl(cluster, "logs", "writer")).toBe("line\n");
});

afterAll(async () => {
  await cluster?.machine.crash();
});

test("a power cut keeps pods, services, volumes, and the image that was imported just before", async () => {
  await importText("latest words");
  await measure("power cut to Ready", async () => {
    await cluster.machine.crash();
    await cluster.machine.powerOn();
    await becomeReady(cluster, bootLimit);
  });
  await waitForNginx(cluster, podLimit);
  await untilPrints(cluster, ["logs", "writer"], /^(line\n){2}$/);
  await untilPrints(cluster, askNginx(), /nginx/);
  expect(await cluster.machine.succeed(`cat ${unpacked}/words`)).toBe("latest words");
});

const unpacked = "/var/lib/kubesolo/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/*/fs";

/** Imports an image with nothing but the file "words"; its archive is as `docker save` writes one. */
async function importText(text: string): Promise<void> {
  await cluster.machine.succeed(`
    set -e
    mkdir /run/words && cd /run/words
    printf %s '${text}' >words && tar -cf layer.tar words
    layer=$(sha256sum layer.tar | cut -c 1-64)
    echo '{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:'$layer'"]}}' >config.json
    echo '[{"Config":"config.json","RepoTags":["localhost/words:1"],"Layers":["layer.tar"]}]' >manifest.json
    tar -c config.json manifest.json layer.tar | kubesolo images import -`);
}
