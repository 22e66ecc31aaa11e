// What ends a try by time, and what must not end one: on one machine. Each faulty try takes its ten minutes.
import { afterAll, beforeAll, expect, test } from "vitest";
import { readKit } from "../../src/lib/built.ts";
import { becomeReady, importImages, kubectl } from "../../src/vm/cluster.ts";
import { askQmp } from "../../src/vm/qmp.ts";
import { addWords, later, laterPattern, makeFaulty, makeReleases } from "../../src/vm/update-releases.ts";
import { changeRoot, countTries } from "./faulty-root.ts";
import {
  agent,
  countsFromNowOn,
  expectUndone,
  folderUrl,
  startTrial,
  startUpdatable,
  tryLimit,
  type Updatable,
} from "./machine-on-trial.ts";
import { bootLimit, busyboxSerial, manifestPath, podLimit } from "./machine-under-test.ts";

const testLimitMs = 3_600_000;
const init = "usr/lib/kubesolo-os";

/** The first try hangs before the network; in the second the engine is killed again and again, in the third it is stopped. */
const hang = '\n[ "$tried" != 1 ] || { say "meant to hang"; sleep 100000; }\n';
const hurtEngine = `case $(cat /data/tried) in
  2) { sleep 40; kill -KILL "$(cat "$STATE/engine.pid")"; } >/dev/null 2>&1 & ;;
  3) { sleep 20; kill -STOP "$(cat "$STATE/engine.pid")"; } >/dev/null 2>&1 & ;;
esac
`;

let box: Updatable;
/** Folders of those that fail. */
let sick: string;
let missing: string;

beforeAll(async () => {
  const { second } = await makeReleases();
  sick = await makeFaulty("sick", second, "0.1.5", (folder) =>
    changeRoot(folder, "0.1.5", [
      [`${init}/stages/20-persistent-mount`, (text) => text + countTries],
      [`${init}/stages/50-network`, (text) => hang + text],
      [`${init}/services/engine`, (text) => text.replace("\n{\n", () => `\n${hurtEngine}{\n`)],
    ]),
  );
  missing = await makeFaulty("missing", second, "0.1.6", async (folder) => {
    await changeRoot(folder, "0.1.6", []);
    addWords(folder, "without-it");
  });
  box = await startUpdatable("trial", {
    readOnlyDisks: [{ path: readKit().busyboxArchive, serial: busyboxSerial }],
    watchdog: true,
  });
}, testLimitMs);

afterAll(() => box?.[Symbol.asyncDispose]());

test(
  "init that hangs, an engine that ends again and again, and one that never gets ready cost a try each",
  async () => {
    const { machine } = box.cluster;
    await expectUndone(
      box.cluster,
      { where: folderUrl(box.web, sick), version: "0.1.5" },
      "tries-exhausted",
      async () => {
        await machine.waitForConsole(/50-network: meant to hang.*starting slot B/s, tryLimit);
        await machine.waitForConsole(/update: not healthy: .*; restarting.*starting slot B/s, tryLimit);
        await machine.waitForConsole(/(update: not healthy: .*; restarting.*){2}starting slot A/s, tryLimit);
      },
    );
    const failures = /try failed +0\.1\.5, slot B: \S/g;
    expect((await machine.succeed(`${agent} history`)).match(failures)).toHaveLength(2);
  },
  testLimitMs,
);

test(
  "a sign of the user's, and a pod of the system's, that held before and don't any more cost a try each; a person ends the trial",
  async () => {
    const { machine } = box.cluster;
    await addSign("10-it", failsInFirstTry);
    await importImages(machine, busyboxSerial, podLimit);
    await kubectl(box.cluster, "apply", "--filename", manifestPath("delicate"));
    const rollout = ["rollout", "status", "deployment/delicate", "--namespace=kube-system", "--timeout=180s"];
    await kubectl(box.cluster, ...rollout);
    await waitUntilHeld();
    await expectUndone(
      box.cluster,
      { where: folderUrl(box.web, missing), version: "0.1.6" },
      "a person said so",
      async () => {
        await machine.waitForConsole(
          /not healthy: script 10-it\.sh: .*; restarting.*starting slot B/s,
          tryLimit,
        );
        machine.console.skipToEnd();
        await machine.waitForConsole(
          /not healthy: pods not ready: kube-system\/Deployment\/delicate; restarting.*starting slot B/s,
          tryLimit,
        );
        await machine.until(`${agent} status`, bootLimit);
        await machine.execute(`${agent} rollback --reboot`).catch(() => undefined);
      },
    );
  },
  testLimitMs,
);

test(
  "neither a sign that failed before, nor a reboot in between, nor a network that is away have a good one undone",
  async () => {
    const { machine } = box.cluster;
    await addSign("20-never", "false");
    await startTrial(box.cluster, { where: `${box.web.url}/second.tar`, version: later.version });
    await machine.waitForConsole(/starting slot B/, bootLimit);
    await setCable(false);
    await machine.until(`${agent} status | grep 'on trial, 2 more tries'`, bootLimit);
    await machine.reboot(bootLimit);
    await machine.until(`${agent} status | grep 'on trial, 2 more tries'`, bootLimit);
    await machine.waitForConsole(countsFromNowOn(later.version), tryLimit);
    await setCable(true);
    await machine.until("kubesolo status", bootLimit);
  },
  testLimitMs,
);

test(
  "a confirmed one stays when the power is cut ten times in a row",
  async () => {
    const { machine } = box.cluster;
    const moments = [/starting slot B/, /init: 00-/, /init: 20-/, /init: 90-/, /kubesolo: engine: /];
    for (const moment of [...moments, ...moments]) {
      await machine.crash();
      await machine.powerOn();
      await machine.waitForConsole(moment, bootLimit);
    }
    await becomeReady(box.cluster, bootLimit);
    expect(await machine.succeed(`${agent} status`)).toMatch(
      new RegExp(`${laterPattern}, slot B: confirmed$`, "m"),
    );
  },
  testLimitMs,
);

const failsInFirstTry = `grep -q without-it /proc/cmdline || exit 0
boot=$(cat /proc/sys/kernel/random/boot_id)
test -e /data/first || echo "$boot" >/data/first
test "$boot" != "$(cat /data/first)"`;

/** As a user does who has a test of their own. */
async function addSign(name: string, script: string): Promise<void> {
  const folder = "/etc/kubesolo/health.d/required.d";
  await box.cluster.machine.succeed(`mkdir -p ${folder} && echo '${script}' >${folder}/${name}.sh`);
}

/** What hasn't been ready for a minute counts as none: an update isn't held to it. */
async function waitUntilHeld(): Promise<void> {
  const ready = '{.items[0].status.conditions[?(@.type=="Ready")].lastTransitionTime}';
  const which = ["--namespace=kube-system", "--selector=app=delicate", `--output=jsonpath=${ready}`];
  const since = Date.parse(await kubectl(box.cluster, "get", "pods", ...which));
  await box.cluster.machine.until(`test $(date +%s) -gt ${since / 1000 + 61}`, bootLimit);
}

async function setCable(up: boolean): Promise<void> {
  await askQmp(box.cluster.machine.directory, "set_link", { name: "net", up });
}
