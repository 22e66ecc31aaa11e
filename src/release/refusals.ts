// Whether a release may be installed on a box: all reasons why not, at once. Signatures come before (minisign.ts). The clock
// plays no part. Pure.
import { LAYOUT, PRODUCT, type ReleaseManifest, sizeOf } from "./release-manifest.ts";
import { compareVersions } from "./version.ts";

/** What a box says of itself. */
export interface Box {
  readonly architecture: string;
  readonly profile: string;
  /** Of the running system. */
  readonly version: string;
  readonly isConfirmed: boolean;
  /** Sequence: the highest that was ever confirmed here. */
  readonly floor: number;
  /** Versions that failed here. */
  readonly quarantine: readonly string[];
  /** Bytes that the files of a slot may have. */
  readonly slotBytes: number;
  readonly freeDataBytes: number;
  /** Bytes of what is copied before the new version first writes to it. */
  readonly snapshotBytes: number;
  readonly isUpdating: boolean;
  /** The slot that would be written is the one that is started next. */
  readonly isOtherNext: boolean;
}

/** What a person at the box insists on. */
export interface Insistence {
  readonly allowDowngrade?: boolean;
  readonly again?: boolean;
}

export interface Refusal {
  readonly why: string;
  /** What would help, if anything does. */
  readonly hint?: string;
}

export function refusals(
  release: ReleaseManifest,
  box: Box,
  { allowDowngrade = false, again = false }: Insistence = {},
): Refusal[] {
  const { version } = release;
  const checks: readonly [boolean, string, string?][] = [
    [release.product !== PRODUCT, `it is a release of "${release.product}", not of ${PRODUCT}`],
    [
      release.architecture !== box.architecture,
      `it is for ${release.architecture}, and this machine is ${box.architecture}`,
    ],
    [
      release.profile !== box.profile,
      `it has the profile "${release.profile}", and this machine runs "${box.profile}"`,
      `take the bundle of ${version} for "${box.profile}"`,
    ],
    [
      release.layout !== LAYOUT,
      `it needs a disk of layout ${release.layout}, and this one has ${LAYOUT}`,
      "install it anew from an image",
    ],
    [
      compareVersions(box.version, release.min_compatible_version) < 0,
      `it can be installed over ${release.min_compatible_version} and later, and this is ${box.version}`,
      `install ${release.min_compatible_version} first`,
    ],
    [
      release.sequence < box.floor && !allowDowngrade,
      `it is older than what has run here: sequence ${release.sequence}, and at least ${box.floor} is wanted`,
      "with --allow-downgrade, at the machine, it is taken all the same",
    ],
    [
      box.quarantine.includes(version) && !again,
      `${version} failed here before`,
      "`history` says why; with --again it is tried once more",
    ],
    [
      sizeOf(release) > box.slotBytes,
      `its files have ${sizeOf(release)} bytes, and a slot holds ${box.slotBytes}`,
    ],
    [
      box.snapshotBytes > box.freeDataBytes,
      `the cluster's state can't be kept: ${box.snapshotBytes} bytes, and ${box.freeDataBytes} are free on the data partition`,
      "free some room there",
    ],
    [
      !box.isConfirmed,
      `the running system, ${box.version}, is on trial itself`,
      "wait until it is confirmed, or roll back",
    ],
    [
      box.isOtherNext,
      "the slot that it would be written into is the one that is started next",
      "restart the machine first",
    ],
    [box.isUpdating, "another update is being made", "`status` says which"],
  ];
  return checks.filter(([applies]) => applies).map(([, why, hint]) => ({ why, ...(hint && { hint }) }));
}
