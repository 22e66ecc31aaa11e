// A machine that is given releases, and what is seen of each: tried, confirmed, or undone with the cluster that was left.
import { expect } from "vitest";
import { becomeReady, type Cluster, kubectl } from "../../src/vm/cluster.ts";
import type { MachineOptions } from "../../src/vm/machine-options.ts";
import { type ReleaseServer, startReleaseServer } from "../../src/vm/release-server.ts";
import { releases, updatableImage } from "../../src/vm/update-releases.ts";
import { bootImage, bootLimit, measure } from "./machine-under-test.ts";

export const agent = "kubesolo-os-agent";

/** Where slot B is mounted while a test changes it. */
export const slotB = "/tmp/slot-b";
/** Long enough for a try's ten minutes, and its end. */
export const tryLimit = { timeoutMs: 1_200_000 };

/** What the console says when a trial ended well. */
export function countsFromNowOn(version: string): RegExp {
  return new RegExp(`update: ${version.replaceAll(".", "\\.")} is healthy, and counts from now on`);
}

/** A machine, and the web server that it has releases from. Whoever disposes of it ends both. */
export interface Updatable extends AsyncDisposable {
  readonly cluster: Cluster;
  readonly web: ReleaseServer;
}

/** Powers one on, of an image that was made for updates, and returns when it is Ready, or as `wait` has it. One that isn't in time is ended. */
export async function startUpdatable(
  name: string,
  change: Partial<MachineOptions> = {},
  {
    image = updatableImage,
    wait = (cluster: Cluster): Promise<unknown> => becomeReady(cluster, bootLimit),
  } = {},
): Promise<Updatable> {
  const web = await startReleaseServer(releases);
  let cluster: Cluster | undefined;
  const end = async () => {
    await cluster?.machine.crash();
    web.server.close();
  };
  try {
    cluster = await bootImage(name, { offline: false, readOnlyDisks: [], ...change }, { image });
    await wait(cluster);
  } catch (error) {
    await end();
    throw error;
  }
  return { cluster, web, [Symbol.asyncDispose]: end };
}

export interface Tried {
  /** What `apply` is given. */
  readonly where: string;
  readonly version: string;
  readonly isAgain?: boolean;
  /** Done to the slot at `slotB` between activation and reboot, a shell script. */
  readonly damage?: string;
}

/** Has slot B tried at a reboot, which is under way when it returns: the console shows only what comes from then on. */
export async function startTrial(cluster: Cluster, { where, isAgain, damage }: Tried): Promise<void> {
  const again = isAgain ? " --again" : "";
  await cluster.machine.succeed(`${agent} apply${again} ${where}`, { timeoutMs: 600_000 });
  await activateAndReboot(cluster, damage);
}

/** The same with what was applied. */
export async function activateAndReboot({ machine }: Cluster, damage?: string): Promise<void> {
  await machine.succeed(`${agent} activate`, bootLimit);
  const mount = `mkdir -p ${slotB} && mount -t ext4 /dev/vda4 ${slotB}`;
  if (damage !== undefined) await machine.succeed(`${mount} && ${damage} && umount ${slotB}`, bootLimit);
  machine.console.skipToEnd();
  await machine.execute("reboot").catch(() => undefined);
}

/**
 * A release that must not stay, from slot A: `during` sees it fail. Afterwards A is back, with the cluster as it was, the reason is
 * told, and the release isn't taken again.
 */
export async function expectUndone(
  cluster: Cluster,
  tried: Tried,
  reason: string,
  during: () => Promise<unknown>,
): Promise<void> {
  const { machine } = cluster;
  const { version, where } = tried;
  const before = `before-${version}-${Date.now()}`;
  await kubectl(cluster, "create", "configmap", before);
  await startTrial(cluster, tried);
  await measure(`${version}, ${reason}: from its first start back to Ready`, async () => {
    await during();
    await machine.waitForConsole(/starting slot A/, tryLimit);
    await becomeReady(cluster, bootLimit);
  });
  await machine.until(`${agent} history | tail -n 1 | grep 'failed  '`, bootLimit);
  const history = await machine.succeed(`${agent} history`, bootLimit);
  expect(history.trimEnd().split("\n").at(-1)).toContain(`failed      ${version}, slot B: ${reason}`);
  expect(await machine.succeed(`${agent} status`, bootLimit)).toMatch(/, slot A: confirmed$/m);
  expect(await machine.fail(`${agent} apply ${where}`, bootLimit)).toContain(`${version} failed here before`);
  await kubectl(cluster, "get", "configmap", before);
}

/** Where the machine finds the files of a faulty release. */
export function folderUrl(web: { readonly url: string }, folder: string): string {
  return `${web.url}${folder.slice(releases.length)}/`;
}
