// Reads what an OCI or docker archive says of itself, as the engine will (engine/images): a bad one is to be found on the
// workstation.
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { posix } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import * as v from "valibot";
import { UserError } from "../../lib/errors.ts";
import type { Architecture } from "../debian/inputs.ts";
import { checkRunnable, Descriptor, type Texts, whyNotFor } from "./archived-image.ts";

const MAX_TABLE_BYTES = 4 << 20;
const NAME = "io.containerd.image.name";
const REF_NAME = "org.opencontainers.image.ref.name";

const Index = v.object({
  manifests: v.array(
    v.object({
      ...Descriptor.entries,
      annotations: v.optional(v.record(v.string(), v.string()), {}),
    }),
  ),
});
const DockerManifest = v.array(
  v.object({ Config: v.string(), Layers: v.array(v.string()), RepoTags: v.nullish(v.array(v.string()), []) }),
);

/** The names of the images in it; throws when one of them can't run on a node of this architecture. */
export async function readImageNames(path: string, architecture: Architecture): Promise<string[]> {
  try {
    return namesOf(await readArchive(path, await isGzip(path)), architecture);
  } catch (error) {
    throw new UserError(`cannot use "${path}" as an image archive`, {
      cause: error,
      hint: "make one with docker save or skopeo copy, uncompressed or with gzip",
    });
  }
}

export async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    if (bytesRead === 0) throw new Error("it is empty");
    if (buffer.readUInt32LE() === 0xfd2fb528) throw new Error("it is compressed by zstd: run zstd -d first");
    return buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

interface Archive {
  /** Every file in it. */
  readonly files: ReadonlySet<string>;
  /** Those that may be JSON: tables, manifests, configurations. */
  readonly texts: Texts;
}

async function readArchive(path: string, isCompressed: boolean): Promise<Archive> {
  const files = new Set<string>();
  const texts = new Map<string, string>();
  const archive = extract();
  archive.on("entry", ({ name: written, size = 0 }, content, next) => {
    const name = posix.normalize(written); // `tar --create .` writes ./index.json
    files.add(name);
    const chunks: Buffer[] = [];
    content.on("data", (chunk) => {
      if (size <= MAX_TABLE_BYTES) chunks.push(chunk as Buffer);
    });
    // It fails together with the archive, which says so itself.
    content.on("error", () => undefined);
    content.on("end", () => {
      const text = Buffer.concat(chunks);
      if (text[0] === 0x7b || text[0] === 0x5b) texts.set(name, text.toString()); // { or [
      next();
    });
  });
  const source = createReadStream(path);
  await (isCompressed ? pipeline(source, createGunzip(), archive) : pipeline(source, archive));
  if (files.size === 0) throw new Error("it is no tar archive");
  return { files, texts };
}

/** As containerd does: a layout makes it an OCI archive, whatever else is in it. Pure. */
function namesOf({ files, texts }: Archive, architecture: Architecture): string[] {
  const index = texts.get("index.json");
  const docker = texts.get("manifest.json");
  if ([...files].some((file) => posix.basename(file) === "Chart.yaml"))
    throw new Error("it is a Helm chart, no image");
  const names =
    index !== undefined && (files.has("oci-layout") || docker === undefined)
      ? ociNames(index, files, texts, architecture)
      : dockerNames(docker, files, texts, architecture);
  if (names.length === 0) throw new Error("no image in it has a name");
  return names;
}

function ociNames(
  table: string,
  files: ReadonlySet<string>,
  texts: Texts,
  architecture: Architecture,
): string[] {
  const targets = new Map<string, Descriptor[]>();
  for (const { annotations, ...target } of v.parse(Index, JSON.parse(table)).manifests) {
    checkPart(files, `blobs/${target.digest.replace(":", "/")}`);
    const name = annotations[NAME] ?? annotations[REF_NAME];
    if (name === undefined) continue;
    if (annotations[NAME] === undefined && !/[/:@]/.test(name))
      throw new Error(`an image in it has a tag only, "${name}", and no name`);
    targets.set(name, [...(targets.get(name) ?? []), target]);
  }
  for (const [name, found] of targets) checkRunnable(name, found, texts, architecture);
  return [...targets.keys()];
}

function dockerNames(
  table: string | undefined,
  files: ReadonlySet<string>,
  texts: Texts,
  architecture: Architecture,
): string[] {
  if (table === undefined)
    throw new Error("neither an OCI nor a docker archive: no index.json and no manifest.json");
  return v.parse(DockerManifest, JSON.parse(table)).flatMap(({ Config, Layers, RepoTags }) => {
    for (const part of [Config, ...Layers]) checkPart(files, posix.normalize(part));
    const problem = whyNotFor(architecture, texts.get(posix.normalize(Config)));
    if (problem !== undefined) throw new Error(`${RepoTags?.join(", ") ?? Config}: ${problem}`);
    return RepoTags ?? [];
  });
}

function checkPart(files: ReadonlySet<string>, part: string): void {
  if (!files.has(part)) throw new Error(`${part} is missing in it`);
}
