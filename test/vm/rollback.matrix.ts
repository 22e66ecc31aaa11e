// Releases that don't work, one after the other on one machine: each is undone by itself, to the cluster that the old system left, and
// the next one is tried in its place. Those that end by time: trial.matrix.ts.
import { afterAll, beforeAll, test } from "vitest";
import { becomeReady, kubectl } from "../../src/vm/cluster.ts";
import { addWords, later, makeFaulty, makeReleases } from "../../src/vm/update-releases.ts";
import { changeRoot, countTries } from "./faulty-root.ts";
import {
  countsFromNowOn,
  expectUndone,
  folderUrl,
  slotB,
  startTrial,
  startUpdatable,
  tryLimit,
  type Updatable,
} from "./machine-on-trial.ts";
import { bootLimit } from "./machine-under-test.ts";

const testLimitMs = 1_500_000;
const stages = "usr/lib/kubesolo-os/stages";
const dieIn = (attempt: number) => (text: string) =>
  `${text}\n[ "$tried" != ${attempt} ] || die "meant to fail"\n`;

let box: Updatable;
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
  box = await startUpdatable("rollback");
  await kubectl(box.cluster, "create", "configmap", "before");
}, testLimitMs);

afterAll(() => box?.[Symbol.asyncDispose]());

test(
  "one whose kernel panics",
  async () => {
    const { machine } = box.cluster;
    const panic = { where: folderUrl(box.web, panics), version: "0.1.2" };
    await expectUndone(box.cluster, panic, "tries-exhausted", async () => {
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
    const dying = { where: folderUrl(box.web, dies), version: "0.1.3" };
    await expectUndone(box.cluster, dying, "tries-exhausted", () =>
      box.cluster.machine.waitForConsole(
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
    const { machine } = box.cluster;
    const ruined = { where: folderUrl(box.web, ruins), version: "0.1.4" };
    await expectUndone(box.cluster, ruined, "the engine ended with exit code 65", () =>
      machine.waitForConsole(/going back to slot A/, bootLimit),
    );
    await kubectl(box.cluster, "get", "configmap", "before");
  },
  testLimitMs,
);

test(
  "one whose initramfs is gone: the boot that finds it starts the old slot",
  async () => {
    const good = { where: `${box.web.url}/second.tar`, version: later.version };
    const damage = `rm ${slotB}/initramfs.img`;
    await expectUndone(box.cluster, { ...good, damage }, "slot-damaged", () =>
      box.cluster.machine.waitForConsole(/slot B is damaged.*starting slot A/s, bootLimit),
    );
  },
  testLimitMs,
);

test(
  "one whose root has a damaged block",
  async () => {
    const good = { where: `${box.web.url}/second.tar`, version: later.version, isAgain: true };
    const damage = `dd if=/dev/zero of=${slotB}/root.squashfs bs=4096 count=1 conv=notrunc`;
    const corrupted = "starting slot B.*data block 0 is corrupted.*";
    await expectUndone(box.cluster, { ...good, damage }, "tries-exhausted", () =>
      box.cluster.machine.waitForConsole(new RegExp(corrupted.repeat(3), "s"), bootLimit),
    );
  },
  testLimitMs,
);

test(
  "one during whose trial the power is cut four times",
  async () => {
    const { machine } = box.cluster;
    const good = { where: `${box.web.url}/second.tar`, version: later.version, isAgain: true };
    const moments = [
      /starting slot B/,
      /init: 20-\S+ done/,
      /kubesolo: engine: /,
      /starting slot A.*init: 20-/s,
    ];
    await expectUndone(box.cluster, good, "tries-exhausted", async () => {
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
    const { machine } = box.cluster;
    await startTrial(box.cluster, {
      where: `${box.web.url}/second.tar`,
      version: later.version,
      isAgain: true,
    });
    await machine.waitForConsole(countsFromNowOn(later.version), tryLimit);
    await becomeReady(box.cluster, bootLimit);
    await kubectl(box.cluster, "get", "configmap", "before");
  },
  testLimitMs,
);
