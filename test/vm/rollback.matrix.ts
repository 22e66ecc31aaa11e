// Releases that don't work, one after the other on one machine: each is undone by itself, to the cluster that the old system left, and
// the next one is tried in its place. Those that end by time: trial.matrix.ts.
import { afterAll, beforeAll, test } from "vitest";
import { becomeReady, type Cluster, kubectl } from "../../src/vm/cluster.ts";
import { type ReleaseServer, startReleaseServer } from "../../src/vm/release-server.ts";
import {
  addWords,
  later,
  makeFaulty,
  makeReleases,
  releases,
  updatableImage,
} from "../../src/vm/update-releases.ts";
import { changeRoot, countTries } from "./faulty-root.ts";
import { countsFromNowOn, expectUndone, folderUrl, slotB, startTrial, tryLimit } from "./machine-on-trial.ts";
import { bootImage, bootLimit } from "./machine-under-test.ts";

const testLimitMs = 1_500_000;
const stages = "usr/lib/kubesolo-os/stages";
const dieIn = (attempt: number) => (text: string) =>
  `${text}\n[ "$tried" != ${attempt} ] || die "meant to fail"\n`;

let cluster: Cluster;
let web: ReleaseServer;
/** Folders of those that fail. */
let panics: string;
let dies: string;
let ruins: string;

beforeAll(async () => {
  const { second } = await makeReleases();
  panics = await makeFaulty("panics", second, "0.1.2", (folder) => addWords(folder, "rdinit=/nothing"));
  dies = await makeFaulty("dies", second, "0.1.3", (folder) =>
    changeRoot(folder, "0.1.3", [
      [`${stages}/20-persistent-mount`, (text) => dieIn(1)(text + countTries)],
      [`${stages}/50-network`, dieIn(2)],
      [`${stages}/90-kubesolo`, dieIn(3)],
    ]),
  );
  const ruin =
    "\ndd if=/dev/urandom of=/data/kubesolo/kine/db/state.db bs=4096 seek=2 count=64 conv=notrunc\n";
  ruins = await makeFaulty("ruins", second, "0.1.4", (folder) =>
    changeRoot(folder, "0.1.4", [[`${stages}/20-persistent-mount`, (text) => text + ruin]]),
  );
  web = await startReleaseServer(releases);
  cluster = await bootImage("rollback", { offline: false, readOnlyDisks: [] }, { image: updatableImage });
  await becomeReady(cluster, bootLimit);
  await kubectl(cluster, "create", "configmap", "before");
}, testLimitMs);

afterAll(async () => {
  await cluster?.machine.crash();
  web?.server.close();
});

test(
  "one whose kernel panics",
  async () => {
    const { machine } = cluster;
    const panic = { where: folderUrl(web, panics), version: "0.1.2" };
    await expectUndone(cluster, panic, "tries-exhausted", async () => {
      for (let tries = 0; tries < 3; tries++) {
        await machine.waitForConsole(/starting slot B.*Kernel panic/s, bootLimit);
        // A panic that is meant: what was read before doesn't count any more.
        machine.console.skipToEnd();
      }
    });
  },
  testLimitMs,
);

test(
  "one whose init dies, in three stages",
  async () => {
    const dying = { where: folderUrl(web, dies), version: "0.1.3" };
    await expectUndone(cluster, dying, "tries-exhausted", () =>
      cluster.machine.waitForConsole(
        /20-\S+ meant to fail.*50-\S+ meant to fail.*90-\S+ meant to fail/s,
        tryLimit,
      ),
    );
  },
  testLimitMs,
);

test(
  "one that can't read the data any more, which are as they were, at once",
  async () => {
    const { machine } = cluster;
    const ruined = { where: folderUrl(web, ruins), version: "0.1.4" };
    await expectUndone(cluster, ruined, "the engine ended with exit code 65", () =>
      machine.waitForConsole(/going back to slot A/, bootLimit),
    );
    await kubectl(cluster, "get", "configmap", "before");
  },
  testLimitMs,
);

test(
  "one whose initramfs is gone: the boot that finds it starts the old slot",
  async () => {
    const good = { where: `${web.url}/second.tar`, version: later.version };
    const damage = `rm ${slotB}/initramfs.img`;
    await expectUndone(cluster, { ...good, damage }, "slot-damaged", () =>
      cluster.machine.waitForConsole(/slot B is damaged.*starting slot A/s, bootLimit),
    );
  },
  testLimitMs,
);

test(
  "one whose root has a damaged block",
  async () => {
    const good = { where: `${web.url}/second.tar`, version: later.version, isAgain: true };
    const damage = `dd if=/dev/zero of=${slotB}/root.squashfs bs=4096 count=1 conv=notrunc`;
    const corrupted = "starting slot B.*data block 0 is corrupted.*";
    await expectUndone(cluster, { ...good, damage }, "tries-exhausted", () =>
      cluster.machine.waitForConsole(new RegExp(corrupted.repeat(3), "s"), bootLimit),
    );
  },
  testLimitMs,
);

test(
  "one during whose trial the power is cut four times",
  async () => {
    const { machine } = cluster;
    const good = { where: `${web.url}/second.tar`, version: later.version, isAgain: true };
    const moments = [
      /starting slot B/,
      /init: 20-\S+ done/,
      /kubesolo: engine: /,
      /starting slot A.*init: 20-/s,
    ];
    await expectUndone(cluster, good, "tries-exhausted", async () => {
      for (const moment of moments) {
        await machine.waitForConsole(moment, bootLimit);
        await machine.crash();
        await machine.powerOn();
      }
    });
  },
  testLimitMs,
);

test(
  "and the next one, which works, is confirmed in the same slot",
  async () => {
    const { machine } = cluster;
    await startTrial(cluster, { where: `${web.url}/second.tar`, version: later.version, isAgain: true });
    await machine.waitForConsole(countsFromNowOn(later.version), tryLimit);
    await becomeReady(cluster, bootLimit);
    await kubectl(cluster, "get", "configmap", "before");
  },
  testLimitMs,
);
