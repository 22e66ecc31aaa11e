// Updates on a real disk: from a web server into the other slot, tried, confirmed. On a machine with pods and volumes, under UEFI, and back:
// update.matrix.ts. What doesn't work: rollback.matrix.ts, trial.matrix.ts.
import { afterAll, beforeAll, expect, test } from "vitest";
import { becomeReady, kubectl } from "../../src/vm/cluster.ts";
import {
  later,
  laterPattern,
  makeReleases,
  publishBundle,
  updatableImage,
} from "../../src/vm/update-releases.ts";
import { agent, countsFromNowOn, startUpdatable, type Updatable } from "./machine-on-trial.ts";
import { bootLimit, measure, untilPrints } from "./machine-under-test.ts";
import { acknowledge, begin, lookAtCuts, makeRecorded, type RecordedDisk } from "./recorded-disk.ts";
import { makeStick } from "./update-stick.ts";

/** Beginnings of the slot that mustn't change. */
const slotSum = "dd if=/dev/vda4 bs=1M count=24 2>/dev/null | sha256sum";

let box: Updatable;
/** Its disk, all of whose writes are noted. */
let recorded: RecordedDisk;
/** A folder with a channel. */
let source: string;

beforeAll(async () => {
  const { second } = await makeReleases();
  const published = await publishBundle(second);
  const readOnlyDisks = [{ path: await makeStick(second), serial: "stick" }];
  recorded = await makeRecorded("update-recording", updatableImage);
  box = await startUpdatable("update", { readOnlyDisks, disk: recorded.disk });
  source = `${box.web.url}/${published}/`;
  begin(recorded, "writes");
  await kubectl(box.cluster, "create", "configmap", "before");
  acknowledge(recorded, "before");
}, 1_200_000);

afterAll(() => box?.[Symbol.asyncDispose]());

test("what isn't signed by the image's keys is refused, and the slot keeps its bytes", async () => {
  const before = await box.cluster.machine.succeed(slotSum, bootLimit);
  const refused = await box.cluster.machine.fail(`${agent} apply ${box.web.url}/nothing.tar`, bootLimit);
  expect(refused).toContain("404");
  expect(await box.cluster.machine.succeed(slotSum, bootLimit)).toBe(before);
});

test("a stick with a bundle is found", async () => {
  const said = await box.cluster.machine.succeed(`${agent} check`, bootLimit);
  expect(said).toMatch(
    new RegExp(`^${laterPattern}, sequence ${later.sequence}, Kubernetes v\\S+: can be installed$`, "m"),
  );
  await box.cluster.machine.fail("grep update-volume /proc/mounts");
});

test("a release of a channel is written, tried and confirmed, and the cluster is the same", async () => {
  const { machine } = box.cluster;
  begin(recorded, "apply");
  await measure("apply a bundle from a web server", () =>
    machine.succeed(`${agent} apply ${source}`, { timeoutMs: 600_000 }),
  );
  begin(recorded, "activate");
  expect(await machine.succeed(`${agent} activate`, bootLimit)).toContain(`${later.version} is on trial`);
  begin(recorded, "trial");
  await measure("reboot into the new system, to Ready", async () => {
    await machine.reboot(bootLimit);
    await becomeReady(box.cluster, bootLimit);
  });
  begin(recorded, "confirm");
  await machine.waitForConsole(countsFromNowOn(later.version), bootLimit);
  expect(await machine.succeed(`${agent} status`, bootLimit)).toMatch(
    new RegExp(`${laterPattern}, slot B: confirmed`),
  );
  await kubectl(box.cluster, "get", "configmap", "before");
});

test("it is nothing new then", async () => {
  const said = await box.cluster.machine.succeed(`${agent} update ${source}`, bootLimit);
  expect(said).toMatch(
    new RegExp(`channel stable, number 1 of \\S+, has nothing newer than ${laterPattern}$`, "m"),
  );
});

test("Kubernetes and Prometheus hear of it", async () => {
  const path = (text: string) => ["--output", `jsonpath=${text}`];
  const condition = '{.items[0].status.conditions[?(@.type=="SystemUpdate")].reason}';
  await untilPrints(box.cluster, ["get", "nodes", ...path(condition)], /^Confirmed$/);
  await untilPrints(
    box.cluster,
    ["get", "nodes", "--show-labels"],
    new RegExp(`kubesolo\\.io/slot=B,os\\.kubesolo\\.io/version=${laterPattern}`),
  );
  const events = ["get", "events", ...path("{.items[*].reason}")];
  await untilPrints(box.cluster, events, /(?=.*UpdateApplied)(?=.*UpdateActivated)(?=.*UpdateConfirmed)/);
  const metrics = await box.cluster.machine.succeed("wget -qO- http://127.0.0.1:9105/metrics", bootLimit);
  expect(metrics).toMatch(new RegExp(`^kubesolo_os_info\\{.*version="${laterPattern}"`, "m"));
});

test("its disk would have been whole wherever the power had been cut", async () => {
  await box.cluster.machine.crash();
  const { looks, problems } = await measure("look at power cuts of an update", () => lookAtCuts(recorded, 6));
  expect(problems).toEqual([]);
  expect(looks).toBeGreaterThan(60);
});
