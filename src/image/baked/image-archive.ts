// Reads what an OCI or docker archive says of itself, as the engine will (engine/images/archive.go): a bad one is to be found
// on the workstation.
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import * as v from "valibot";
import { UserError } from "../../lib/errors.ts";

const MAX_TABLE_BYTES = 4 << 20;
const NAME = "io.containerd.image.name";
const REF_NAME = "org.opencontainers.image.ref.name";

const Index = v.object({
  manifests: v.array(
    v.object({ digest: v.string(), annotations: v.optional(v.record(v.string(), v.string()), {}) }),
  ),
});
const DockerManifest = v.array(
  v.object({ Config: v.string(), Layers: v.array(v.string()), RepoTags: v.nullish(v.array(v.string()), []) }),
);

/** The names of the images in it; throws when the engine couldn't load it. */
export async function readImageNames(path: string): Promise<string[]> {
  try {
    const { files, tables } = await readTables(path, await isGzip(path));
    return namesOf(files, tables);
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

interface Tables {
  /** Every file in it. */
  readonly files: ReadonlySet<string>;
  readonly tables: ReadonlyMap<string, string>;
}

async function readTables(path: string, isCompressed: boolean): Promise<Tables> {
  const files = new Set<string>();
  const tables = new Map<string, string>();
  const archive = extract();
  archive.on("entry", ({ name, size = 0 }, content, next) => {
    files.add(name.replace(/^\.\//, ""));
    const isTable = ["index.json", "manifest.json"].includes(name) && size <= MAX_TABLE_BYTES;
    const chunks: Buffer[] = [];
    content.on("data", (chunk) => {
      if (isTable) chunks.push(chunk as Buffer);
    });
    // It fails together with the archive, which says so itself.
    content.on("error", () => undefined);
    content.on("end", () => {
      if (isTable) tables.set(name, Buffer.concat(chunks).toString());
      next();
    });
  });
  const source = createReadStream(path);
  await (isCompressed ? pipeline(source, createGunzip(), archive) : pipeline(source, archive));
  if (files.size === 0) throw new Error("it is no tar archive");
  return { files, tables };
}

/** As containerd does: where both tables are present, the OCI one counts. Pure. */
function namesOf(files: ReadonlySet<string>, tables: ReadonlyMap<string, string>): string[] {
  const index = tables.get("index.json");
  const docker = tables.get("manifest.json");
  if (index === undefined && docker === undefined)
    throw new Error("neither an OCI nor a docker archive: no index.json and no manifest.json");
  const { names, parts } = index === undefined ? dockerImages(docker ?? "") : ociImages(index);
  const missing = parts.find((part) => !files.has(part));
  if (missing !== undefined) throw new Error(`${missing} is missing in it`);
  if (names.length === 0) throw new Error("no image in it has a name");
  return names;
}

function ociImages(table: string): { names: string[]; parts: string[] } {
  const { manifests } = v.parse(Index, JSON.parse(table));
  return {
    names: manifests.flatMap(({ annotations }) => annotations[NAME] ?? annotations[REF_NAME] ?? []),
    parts: manifests.map(({ digest }) => `blobs/${digest.replace(":", "/")}`),
  };
}

function dockerImages(table: string): { names: string[]; parts: string[] } {
  const images = v.parse(DockerManifest, JSON.parse(table));
  return {
    names: images.flatMap(({ RepoTags }) => RepoTags ?? []),
    parts: images.flatMap(({ Config, Layers }) => [Config, ...Layers]),
  };
}
