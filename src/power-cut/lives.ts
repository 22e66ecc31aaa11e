// The lives that are recorded: an update until it counts, and the ways back from it.
import { basename, join } from "node:path";
import { UserError } from "../lib/errors.ts";
import type { Equipment } from "../vm/equipment.ts";
import { startReleaseServer } from "../vm/release-server.ts";
import { later, releases } from "../vm/update-releases.ts";
import { type Life, lifeDirectory, type Recorder, readLife, recordLife, stepLimit } from "./life.ts";
import { acknowledgedAt, type Scenario } from "./marks.ts";

export const lives = {
  update: ["first-boot", "writes", "apply", "activate", "trial", "confirm"],
  return: ["boot", "rollback", "again", "restore", "reset"],
} as const satisfies Readonly<Record<string, readonly Scenario[]>>;

export type LifeName = keyof typeof lives;

/** Larger than the image, so that the data partition has to grow. */
export const DISK_BYTES = 5 * 2 ** 30;
/** Of objects that a client makes one after the other. */
const CLIENT_WRITES = 40;

const agent = "kubesolo-os-agent";

/** Records a life: about ten minutes, emulated. `bundle`, a host path in `releases`, is what it updates to. */
export async function recordOf(name: LifeName, equipment: Equipment, bundle: string): Promise<Life> {
  const web = await startReleaseServer(releases);
  using _web = { [Symbol.dispose]: () => web.server.close() };
  const url = `${web.url}/${basename(bundle)}`;
  if (name === "update") {
    const base = { path: equipment.diskImage, format: "raw" } as const;
    const beginning = { base, diskBytes: DISK_BYTES, names: [] };
    return await recordLife(name, equipment, beginning, (recorder) => liveUpdate(recorder, url));
  }
  const before = readLife("update", equipment.imageId);
  if (before === undefined)
    throw new UserError('the life "return" goes on where "update" ends, which isn\'t recorded');
  const base = { path: join(lifeDirectory("update"), "disk.qcow2"), format: "qcow2" } as const;
  const beginning = {
    base,
    diskBytes: DISK_BYTES,
    names: acknowledgedAt(before.marks, Number.POSITIVE_INFINITY),
  };
  return await recordLife(name, equipment, beginning, (recorder) => liveReturn(recorder, url));
}

async function liveUpdate(recorder: Recorder, url: string): Promise<void> {
  const { machine } = recorder;
  recorder.begin("first-boot");
  await recorder.becomeReady();
  recorder.begin("writes");
  for (let count = 0; count < CLIENT_WRITES; count += 1) await recorder.create(`written-${count}`);
  recorder.begin("apply");
  await machine.succeed(`${agent} apply ${url}`, stepLimit);
  recorder.begin("activate");
  await activate(recorder);
  await recorder.becomeReady();
  recorder.begin("confirm");
  await recorder.create("on-trial");
  await machine.waitForConsole(/is healthy, and counts from now on/, stepLimit);
}

async function liveReturn(recorder: Recorder, url: string): Promise<void> {
  const { machine } = recorder;
  recorder.begin("boot");
  await recorder.becomeReady();
  await recorder.create("kept");
  recorder.begin("rollback");
  await recorder.restartBy(`${agent} rollback --reboot`);
  await machine.waitForConsole(/starting slot A/, stepLimit);
  await recorder.becomeReady();
  await recorder.create("after-rollback");
  recorder.begin("again");
  await machine.succeed(`${agent} apply --again ${url}`, stepLimit);
  await activate(recorder, false);
  await recorder.becomeReady();
  await recorder.create("given-up");
  recorder.forgets(["given-up"]);
  recorder.begin("restore");
  await recorder.restartBy(`${agent} rollback --reboot`);
  await machine.waitForConsole(/starting slot A/, stepLimit);
  await recorder.becomeReady();
  await recorder.create("after-restore");
  recorder.forgets(recorder.names);
  recorder.begin("reset");
  await recorder.restartBy(`${agent} reset --yes`);
  await machine.waitForConsole(/reset: done/, stepLimit);
  await recorder.becomeReady();
  await recorder.create("after-reset");
}

async function activate(recorder: Recorder, isOwnScenario = true): Promise<void> {
  const said = await recorder.machine.succeed(`${agent} activate`, stepLimit);
  if (!said.includes(`${later.version} is on trial`)) throw new Error(`activate said: ${said}`);
  if (isOwnScenario) recorder.begin("trial");
  await recorder.restartBy("reboot");
  await recorder.machine.waitForConsole(/starting slot B/, stepLimit);
}
