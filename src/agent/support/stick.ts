// A support bundle onto a stick: for a machine that nobody reaches over the network. Who plugs one in with the label KSOLOHELP gets one
// bundle onto it. Nothing that is on it is read, run or overwritten.
import * as v from "valibot";
import { supportFileName } from "../../release/support-bundle.ts";
import { type Device, describeDevice } from "../configuration/sources/devices.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { attempt, readIfThere } from "../expected.ts";
import type { Host } from "../host.ts";
import { readJson } from "../json.ts";
import { places } from "../places.ts";
import { isTold, runOrFail, UpdateFailure } from "../update/failure.ts";
import { withMounted } from "../update/mounts.ts";
import { findSticks } from "../update/source/stick.ts";
import { machineName, writeBundle } from "./bundle.ts";

/** FAT has room for eleven letters. */
export const SUPPORT_LABEL = "KSOLOHELP";
const FILE_SYSTEMS: readonly string[] = ["vfat", "ext4"];
/** A stick that is left in a machine which restarts again and again gets no more than these. */
export const MAX_BUNDLES = 10;

/** Onto each that has got none since it was plugged in. */
export function writeOntoSticks(host: Host): ExitCode {
  const sticks = findSticks(host, [SUPPORT_LABEL]).map((device) => ({
    device,
    id: insertionId(host, device),
  }));
  const done = readJson(host, places.supportSticks, 65_536, v.array(v.string())) ?? [];
  const wanting = sticks.filter(({ id }) => !done.includes(id));
  const results = wanting.map(({ device }) => tellResult(host, device));
  if (wanting.length > 0)
    host.writeFile(places.supportSticks, `${JSON.stringify(sticks.map(({ id }) => id))}\n`);
  return results.includes(exitCode.failed) ? exitCode.failed : exitCode.done;
}

function tellResult(host: Host, device: Device): ExitCode {
  const stick = describeDevice(device);
  say(host, `writing a support bundle onto ${stick}: leave it in`);
  try {
    const name = writeOnto(host, device);
    say(host, `${name} is on ${stick}: pull it out`);
    return exitCode.done;
  } catch (error) {
    if (!isTold(error)) throw error;
    const hint = (error instanceof UpdateFailure ? error.hint : undefined) ?? "try another stick";
    say(host, `no support bundle is on ${stick}: ${error.message}; ${hint}`);
    return exitCode.failed;
  }
}

/** The name of the bundle, which is on the stick for good when this returns. */
function writeOnto(host: Host, { path: device, values }: Device): string {
  const type = values["TYPE"] ?? "no file system";
  if (!FILE_SYSTEMS.includes(type))
    throw new UpdateFailure(`it holds ${type}`, `format it as FAT32, with the label ${SUPPORT_LABEL}`);
  const bundle = places.supportForStick;
  try {
    // Before it is mounted: what is pulled out meanwhile loses nothing.
    writeBundle(host, bundle);
    return withMounted(host, places.supportVolume, { device, type, options: "rw" }, (folder) =>
      copyInto(host, bundle, folder),
    );
  } finally {
    host.remove(bundle);
  }
}

function copyInto(host: Host, bundle: string, folder: string): string {
  const name = chooseName(
    supportFileName({ machine: machineName(host), madeMs: host.now() }),
    host.list(folder),
  );
  const [unfinished, file] = [`${folder}/${name}.part`, `${folder}/${name}`];
  const sizeBytes = host.stat(bundle)?.sizeBytes ?? 0;
  try {
    host.copyPiece({ path: bundle }, unfinished, { offsetBytes: 0, sizeBytes });
    host.rename(unfinished, file);
    runOrFail(host, ["sync", "-f", folder]);
  } catch (error) {
    // Both names were free.
    for (const own of [unfinished, file])
      attempt(own, () => {
        host.remove(own);
        return [];
      });
    throw error;
  }
  return name;
}

/** One that nothing on the stick has. FAT knows no capitals. */
export function chooseName(wanted: string, taken: readonly string[]): string {
  const names = taken.map((name) => name.toLowerCase());
  const machine = wanted.slice(0, -"20261130-0915.tar.gz".length).toLowerCase();
  const own = names.filter((name) => name.startsWith(machine) && name.endsWith(".tar.gz"));
  const numbered = Array.from({ length: MAX_BUNDLES }, (_, index) =>
    wanted.replace(/\.tar\.gz$/, `-${index + 2}$&`),
  );
  const isFree = (name: string) => !names.some((each) => each.startsWith(name.toLowerCase()));
  const free = own.length >= MAX_BUNDLES ? undefined : [wanted, ...numbered].find(isFree);
  if (free === undefined)
    throw new UpdateFailure(`it has ${own.length} of this machine already`, "delete some of them");
  return free;
}

/** Another one each time that a medium is plugged in: the kernel counts them. */
function insertionId(host: Host, { path }: Device): string {
  const folder = `/sys/class/block/${path.slice("/dev/".length)}`;
  // A partition's is its disk's.
  const sequence = [`${folder}/diskseq`, `${folder}/../diskseq`]
    .map((file) => readIfThere(host, file, 64)?.trim())
    .find((text) => text !== undefined);
  return `${path} ${sequence ?? ""}`;
}

/** On the console, in the log, and on the screen by the status. */
function say(host: Host, text: string): void {
  host.print("stderr", `support: ${text}`);
  host.writeFile(places.supportStatus, `${text}\n`);
}
