// What was built on this host, as records that say where it lies: image.json by a build of the disk, kit.json by the test kit.
// Here, because those who read them may import neither of the two that write them.
import { join } from "node:path";
import * as v from "valibot";
import { UserError } from "./errors.ts";
import { readTextIfThere, replaceFile } from "./files.ts";
import { buildPath } from "./paths.ts";

const IMAGE_RECORD = "image.json";
const KIT_RECORD = "kit/kit.json";

/** All paths are host paths. */
export const BuiltImageSchema = v.object({
  /** Raw disk, sparse. */
  diskImage: v.string(),
  version: v.string(),
  profile: v.string(),
  /** SHA-256 in hex of what the slots and the boot partition hold. */
  imageId: v.string(),
  /** Where the data partition starts. */
  dataOffsetBytes: v.number(),
  kernel: v.string(),
  initramfs: v.string(),
  /** What a loader that is not ours passes to the kernel, for this root. */
  kernelArgs: v.string(),
  /** OCI archives that are part of the disk: file name → host path. */
  systemImages: v.record(v.string(), v.string()),
  /** The engine's file, which works as kubectl on this host too. */
  kubectl: v.string(),
});

export type BuiltImage = Readonly<v.InferOutput<typeof BuiltImageSchema>>;

/** What machines and nodes are given or asked with, and no device has; all paths are host paths. */
const KitSchema = v.object({
  /** OCI archives: localhost/nginx:1, localhost/busybox:1, localhost/drivers:1, localhost/mesh:1. */
  nginxArchive: v.string(),
  busyboxArchive: v.string(),
  driversArchive: v.string(),
  meshArchive: v.string(),
  /** Debian's, of another version than the engine. */
  stockKubectl: v.string(),
  /** Debian's registry of container images. */
  registry: v.string(),
  /** The words that start an NTP server. */
  timeServer: v.array(v.string()),
  /** The words that start Debian's Python, which has SQLite. */
  python: v.array(v.string()),
  /** The root of the tools that images are made with. */
  tools: v.string(),
  /** The root of the QEMU that machines run in. */
  qemu: v.string(),
  /** The root of dropbear, whose client logs in to machines. */
  ssh: v.string(),
  /** The root of Ganesha, an NFS server. */
  nfsServer: v.string(),
});

export type Kit = Readonly<v.InferOutput<typeof KitSchema>>;

/** `folder` is a profile's or another image's, below build. */
export function readBuiltImage(folder = "image"): BuiltImage {
  return readRecord(BuiltImageSchema, buildPath(folder, IMAGE_RECORD), "run `make build` first");
}

/** `folder` is a host path. */
export function writeBuiltImage(folder: string, image: BuiltImage): void {
  writeRecord(join(folder, IMAGE_RECORD), image);
}

export function readKit(): Kit {
  return readRecord(KitSchema, buildPath(KIT_RECORD), "run `make kit` first");
}

export function writeKit(kit: Kit): void {
  writeRecord(buildPath(KIT_RECORD), kit);
}

function readRecord<T>(schema: v.GenericSchema<unknown, T>, path: string, hint: string): T {
  const text = readTextIfThere(path);
  if (text === undefined) throw new UserError(`nothing to test with: there is no "${path}"`, { hint });
  const record = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  if (record.success) return record.output;
  throw new UserError(`nothing to test with: "${path}" is damaged, or of another version`, { hint });
}

function writeRecord(path: string, record: object): void {
  replaceFile(path, `${JSON.stringify(record, null, 2)}\n`);
}
