// A release of small files, signed, as a slot has it and as a bundle: for boxes in memory. Always the same bytes.
import { createHash } from "node:crypto";
import { MANIFEST_FILE, SIGNATURE_FILE, SUMS_FILE } from "../../release/bundle.ts";
import {
  formatReleaseManifest,
  PRODUCT,
  type ReleaseManifest,
  slotFiles,
  slotSums,
} from "../../release/release-manifest.ts";
import { TAR_BLOCK_BYTES, tarSpace } from "../../release/tar-header.ts";
import type { Signer } from "./signer.ts";
import { putSum } from "./spoil/tar.ts";

export interface SampleRelease {
  readonly manifest: ReleaseManifest;
  /** SHA-256 of release.json. */
  readonly sum: string;
  /** release.json and its signature first. */
  readonly files: Readonly<Record<string, string>>;
  /** The same and what else a slot has. */
  readonly slot: Readonly<Record<string, string>>;
  readonly bundle: Uint8Array;
}

export function makeSampleRelease(
  version: string,
  signer: Signer,
  changed: Partial<ReleaseManifest> = {},
): SampleRelease {
  const contents = Object.fromEntries(slotFiles.map((name) => [name, `${name} of ${version}\n`.repeat(12)]));
  const manifest: ReleaseManifest = {
    ...{ product: PRODUCT, version, sequence: Number(version.split(".")[1]) + 1, architecture: "amd64" },
    ...{ profile: "vm", layout: 1, kubernetes: "v1.37.2", min_compatible_version: "1.0.0" },
    root_hash: "ab".repeat(32),
    files: slotFiles.map((name) => ({
      ...{ name, size: contents[name]?.length ?? 0, sha256: sumOf(contents[name] ?? "") },
    })),
    notes: "",
    ...changed,
  };
  const text = formatReleaseManifest(manifest);
  const files = { [MANIFEST_FILE]: text, [SIGNATURE_FILE]: signer.sign(text), ...contents };
  return {
    ...{ manifest, files, sum: sumOf(text), bundle: tarOf(files) },
    slot: { ...files, [SUMS_FILE]: slotSums(manifest) },
  };
}

function sumOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** POSIX ustar, plain files only. */
function tarOf(files: Readonly<Record<string, string>>): Uint8Array {
  const members = Object.entries(files).map(([name, text]) => {
    const member = Buffer.alloc(TAR_BLOCK_BYTES + tarSpace(text.length));
    member.write(name, 0);
    member.write(`0000644\0${"0000000\0".repeat(2)}${text.length.toString(8).padStart(11, "0")}\0`, 100);
    member.write(`00000000000\0${" ".repeat(8)}0`, 136);
    member.write("ustar\u000000", 257);
    member.write(text, TAR_BLOCK_BYTES);
    putSum(member.subarray(0, TAR_BLOCK_BYTES));
    return member;
  });
  return new Uint8Array(Buffer.concat([...members, Buffer.alloc(2 * TAR_BLOCK_BYTES)]));
}
