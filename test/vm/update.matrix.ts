// A small machine with UEFI on which nginx runs, from slot A to B and back: from a web server, then from a stick.
import { afterAll, beforeAll, expect, test } from "vitest";
import { readKit } from "../../src/lib/built.ts";
import { becomeReady, importImages, kubectl } from "../../src/vm/cluster.ts";
import { deployNginx, nginxDisk, waitForNginx } from "../../src/vm/nginx.ts";
import { later, makeFaulty, makeReleases } from "../../src/vm/update-releases.ts";
import { forkBomb } from "../fork-bomb.ts";
import { changeRoot } from "./faulty-root.ts";
import {
  activateAndReboot,
  agent,
  countsFromNowOn,
  startUpdatable,
  tryLimit,
  type Updatable,
} from "./machine-on-trial.ts";
import {
  bootLimit,
  busyboxSerial,
  manifestPath,
  measure,
  podLimit,
  untilPrints,
  waitForPod,
} from "./machine-under-test.ts";
import { makeFolderStick } from "./update-stick.ts";

const testLimitMs = 1_800_000;

let box: Updatable;

beforeAll(async () => {
  const { second } = await makeReleases();
  // Nothing is wrong with it but its number.
  const third = await makeFaulty("third", second, "0.1.2", (folder) => changeRoot(folder, "0.1.2", []));
  const { nginxArchive, busyboxArchive } = readKit();
  const readOnlyDisks = [
    nginxDisk(nginxArchive),
    { path: busyboxArchive, serial: busyboxSerial },
    { path: await makeFolderStick(third), serial: "stick" },
  ];
  box = await startUpdatable("update-uefi", { firmware: "uefi", memoryMiB: 512, readOnlyDisks });
  const { cluster } = box;
  await importImages(cluster.machine, busyboxSerial, podLimit);
  await deployNginx(cluster, podLimit);
  await kubectl(cluster, "apply", "--filename", manifestPath("volume"));
  await waitForPod(cluster, "writer");
  await waitForNginx(cluster, podLimit);
}, testLimitMs);

afterAll(() => box?.[Symbol.asyncDispose]());

test(
  "while a pod forks again and again, the API answers",
  async () => {
    const run = ["run", "bomb", "--image=localhost/busybox:1", "--restart=Never"];
    await kubectl(box.cluster, ...run, "--command", "--", "sh", "-c", forkBomb);
    await waitForPod(box.cluster, "bomb");
    await measure("512 MB: 20 questions to the API beside a pod that forks without end", async () => {
      for (let question = 0; question < 20; question += 1) {
        const asked = Date.now();
        await kubectl(box.cluster, "get", "--raw=/readyz", "--request-timeout=90s");
        expect(Date.now() - asked).toBeLessThan(30_000);
      }
    });
    await kubectl(box.cluster, "delete", "pod", "bomb", "--grace-period=1");
  },
  testLimitMs,
);

test(
  "from a box.web server, into B, and nothing had to make room for it",
  async () => {
    const { machine } = box.cluster;
    const before = await kubectl(box.cluster, "get", "pods", "--output=jsonpath={.items[*].metadata.uid}");
    await machine.succeed(`${agent} apply ${box.web.url}/second.tar`, { timeoutMs: 600_000 });
    expect((await machine.execute("dmesg | grep -c 'Killed process'")).stdout).toBe("0\n");
    expect(await kubectl(box.cluster, "get", "events", "--all-namespaces")).not.toMatch(
      /Evict|NodeHasInsufficient|NodeHasDiskPressure/,
    );
    await activateAndReboot(box.cluster);
    await expectConfirmed(later.version, "B", 2);
    const after = await kubectl(box.cluster, "get", "pods", "--output=jsonpath={.items[*].metadata.uid}");
    expect(after.split(" ")).toEqual(expect.arrayContaining(before.split(" ")));
  },
  testLimitMs,
);

test(
  "from a stick, back into A, all in one word",
  async () => {
    const { machine } = box.cluster;
    machine.console.skipToEnd();
    // The machine may be gone before it answers.
    const ended = await machine.execute(`${agent} update`, { timeoutMs: 600_000 }).catch(() => undefined);
    expect(ended?.exitCode ?? 0, ended?.stderr).toBe(0);
    await expectConfirmed("0.1.2", "A", 3);
  },
  testLimitMs,
);

/** `boots`: so many lines the pod with the volume has written. */
async function expectConfirmed(version: string, slot: "A" | "B", boots: number): Promise<void> {
  const { machine } = box.cluster;
  await measure(`${version}, 512 MB and UEFI: reboot to nginx`, async () => {
    await machine.waitForConsole(new RegExp(`starting slot ${slot}`), tryLimit);
    await becomeReady(box.cluster, bootLimit);
    await waitForNginx(box.cluster, podLimit);
  });
  await machine.waitForConsole(countsFromNowOn(version), tryLimit);
  expect(await machine.succeed(`${agent} status`, bootLimit)).toContain(
    `${version}, slot ${slot}: confirmed`,
  );
  await untilPrints(box.cluster, ["logs", "writer"], new RegExp(`^(line\\n){${boots}}$`));
}
