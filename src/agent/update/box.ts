// What this box says of itself, when it is asked whether a release may be installed.
import { isOnTrial, isWaiting, otherSlot, type Slot } from "../../release/boot-state.ts";
import { SLOT_FILE_SYSTEM_SHARE } from "../../release/partitions.ts";
import type { Box } from "../../release/refusals.ts";
import { standingOf } from "../../release/run-moves.ts";
import { parseVariant } from "../../release/variant.ts";
import { readIfThere } from "../expected.ts";
import type { Host } from "../host.ts";
import { readKernelCommandLine } from "../kernel-command-line.ts";
import { places } from "../places.ts";
import type { Books } from "./books.ts";
import type { BootRecord } from "./boot-record.ts";
import { UpdateFailure } from "./failure.ts";
import { partitionSize } from "./partitions.ts";
import { slotDevice } from "./slot.ts";

/** As Debian calls what the kernel calls otherwise. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: "amd64", aarch64: "arm64" };

export interface System {
  readonly version: string;
  readonly profile: string;
  /** Of `kubesolo-os build --ssh`. */
  readonly isDevelopment: boolean;
  /** Of Kubernetes. */
  readonly kubernetes: string;
}

/** The running system; its root says so, which is verified. */
export function readSystem(host: Host): System {
  const release = readIfThere(host, places.osRelease, 65_536) ?? "";
  const field = (name: string) => new RegExp(`^${name}="?([^"\n]*)"?$`, "m").exec(release)?.[1] ?? "";
  return {
    version: field("VERSION_ID"),
    ...parseVariant(field("VARIANT_ID")),
    kubernetes: field("KUBERNETES_VERSION"),
  };
}

function readArchitecture(host: Host): string {
  const machine = host.run(["uname", "-m"], { timeoutMs: 10_000 }).stdout.trim();
  return ARCHITECTURES[machine] ?? machine;
}

/** The slot that runs; throws where there are none. */
export function runningSlot(host: Host): Slot {
  const { slot } = readKernelCommandLine(host);
  if (slot === undefined)
    throw new UpdateFailure(
      "this system runs from no slot: it started from a CD, a stick or the network",
      "install it from the disk image",
    );
  return slot;
}

export function describeBox(host: Host, record: BootRecord, books: Books): Box {
  const running = runningSlot(host);
  const { state } = record;
  const slotBytes = partitionSize(host, slotDevice(host, otherSlot(running)));
  return {
    ...readSystem(host),
    architecture: readArchitecture(host),
    // The state may be lost since it was started.
    isConfirmed: !isOnTrial(state, running) && !isTried(host),
    floor: state?.floor ?? 0,
    quarantine: books.quarantine,
    slotBytes: Math.floor(slotBytes * (1 - SLOT_FILE_SYSTEM_SHARE)),
    freeDataBytes: host.freeBytes("/data"),
    snapshotBytes: snapshotBytes(host),
    // One that was activated waits for the next boot.
    isUpdating: isWaiting(state, running),
    // Somebody went back, or chose this one at the machine. What is written there would be started without a trial.
    isOtherNext: state !== undefined && standingOf(state, running) === "displaced",
  };
}

/** It was started on trial, which hasn't ended. */
function isTried(host: Host): boolean {
  return readKernelCommandLine(host).isOnTrial && host.stat(places.trialEnded) === undefined;
}

/** The cluster's database is the one large part of what is copied. */
function snapshotBytes(host: Host): number {
  const folder = "/var/lib/kubesolo/kine/db";
  const names = ["state.db", "state.db-wal", "state.db-shm"];
  return names.reduce((sum, name) => sum + (host.stat(`${folder}/${name}`)?.sizeBytes ?? 0), 0);
}
