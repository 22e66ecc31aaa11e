// `kubesolo-os-agent install`: from the ISO onto a disk of this machine. What ends it, "reboot" or "poweroff", is its result: init
// does that.
import { MANIFEST_FILE } from "../../release/bundle.ts";
import { DISK_START } from "../../release/partitions.ts";
import { parseReleaseManifest, type ReleaseManifest } from "../../release/release-manifest.ts";
import type { InstallWish } from "../cloud-init/actions.ts";
import type { CommandLine, Outcome } from "../command.ts";
import { readKept } from "../configuration/sources/kept.ts";
import { exitCode } from "../exit-code.ts";
import { readIfThere } from "../expected.ts";
import type { Host } from "../host.ts";
import { readJson } from "../json.ts";
import { places } from "../places.ts";
import { isTold, UpdateFailure } from "../update/failure.ts";
import { chooseDisk, isNamed, whyNot } from "./choose.ts";
import { type Disk, describeDisk, readDisks } from "./disks.ts";
import { InstallWishSchema } from "./wish.ts";
import { writeSystem } from "./write.ts";

export function installCommand(host: Host, { words, options }: CommandLine): Outcome {
  const [disk, ...more] = words;
  if (more.length > 0) return { mistake: `unexpected "${more[0]}"` };
  const disks = readDisks(host, readIfThere(host, places.bootDisk, 256)?.trim() ?? "");
  if (options.has("--list")) return list(host, disks, disk);
  const end = options.has("--poweroff") ? ("poweroff" as const) : ("reboot" as const);
  const wish =
    disk === undefined
      ? readJson(host, places.install, 65_536, InstallWishSchema)
      : { disk, isErased: options.has("--erase"), end };
  if (wish === undefined)
    return { mistake: "no disk is named, and the node's configuration has no kubesolo.install" };
  try {
    return install(host, disks, wish);
  } catch (error) {
    if (!isTold(error)) throw error;
    host.print("stderr", `install: ${error.message}`);
    if (error instanceof UpdateFailure && error.hint !== undefined) host.print("stderr", `  ${error.hint}`);
    return exitCode.failed;
  }
}

/** All, or the one that is named: then the exit code says whether it can be taken. */
function list(host: Host, disks: readonly Disk[], named: string | undefined): Outcome {
  const listed = disks
    .filter((disk) => named === undefined || isNamed(disk, named))
    .map((disk) => ({ disk, not: whyNot(disk, { isErased: true, end: "reboot" }) }));
  for (const { disk, not } of listed) {
    host.print("stdout", `  ${describeDisk(disk)}`);
    if (not !== undefined) host.print("stdout", `       it can't be taken: it ${not}`);
  }
  if (listed.length === 0 && named !== undefined) host.print("stdout", `  there is no disk "${named}"`);
  const fits = named === undefined ? listed : listed.filter(({ not }) => not === undefined);
  return fits.length > 0 ? exitCode.done : exitCode.failed;
}

function install(host: Host, disks: readonly Disk[], wish: InstallWish): Outcome {
  const medium = places.medium;
  if (host.stat(`${medium}/${DISK_START}`) === undefined)
    throw new UpdateFailure(
      "this system didn't start from its ISO, or has let go of it",
      "start from the ISO, without kubesolo.toram",
    );
  const choice = chooseDisk(disks, wish);
  if (choice.is === "refused") throw new UpdateFailure(choice.why, choice.hint);
  if (choice.is === "installed") {
    host.print(
      "stderr",
      `install: ${choice.disk.name} has this system already: nothing is written; take the medium out, and it starts`,
    );
    return exitCode.done;
  }
  host.print("stderr", `install: onto ${describeDisk(choice.disk)}`);
  writeSystem(host, {
    device: `/dev/${choice.disk.name}`,
    sizeBytes: choice.disk.sizeBytes,
    medium,
    ...readManifest(host, medium),
    configuration: readKept(host)?.sources ?? [],
  });
  host.run(["blockdev", "--rereadpt", `/dev/${choice.disk.name}`], { timeoutMs: 20_000 });
  host.print("stderr", `install: done; ${wish.end} follows. Take the medium out`);
  host.print("stdout", wish.end);
  return exitCode.done;
}

function readManifest(host: Host, medium: string): { manifest: ReleaseManifest; manifestText: string } {
  const manifestText = host.readText(`${medium}/${MANIFEST_FILE}`, 65_536);
  const manifest = parseReleaseManifest(manifestText);
  if ("problems" in manifest)
    throw new UpdateFailure(`the medium is damaged: ${manifest.problems.join("; ")}`);
  return { manifest, manifestText };
}
