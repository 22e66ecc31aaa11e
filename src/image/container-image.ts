// Packs a tree as a container image: an OCI image layout in a tar archive
// (github.com/opencontainers/image-spec, image-layout.md), which containerd imports.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { sha256 } from "../lib/files.ts";
import { readContent } from "../tree/content.ts";
import { writeTar } from "../tree/tar.ts";
import { type Entry, makeTree, type Tree, textFile } from "../tree/tree.ts";

const Index = v.object({ manifests: v.tupleWithRest([v.object({ digest: v.string() })], v.unknown()) });

/** The part of an OCI image configuration that says how to run it. */
export interface RunConfig {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly ExposedPorts?: Readonly<Record<string, Record<string, never>>>;
  readonly User?: string;
}

export interface ContainerImage {
  /** Full reference with tag, "localhost/pause:1". */
  readonly name: string;
  /** More references to the same image. */
  readonly aliases?: readonly string[];
  readonly architecture: string;
  readonly config: RunConfig;
  readonly tree: Tree;
}

/**
 * Writes the archive; its one layer is not compressed, as squashfs compresses it better. Returns the image's digest,
 * "sha256:…".
 */
export async function writeOciArchive(image: ContainerImage, output: string, epoch: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "kubesolo-os-"));
  try {
    const layerFile = join(folder, "layer.tar");
    await writeTar(image.tree, layerFile, epoch);
    const layout = planOciLayout(image, readFileSync(layerFile), epoch);
    await writeTar(layout, output, epoch);
    return imageDigest(layout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The image layout's files around one uncompressed layer. Pure. */
export function planOciLayout(image: ContainerImage, layer: Buffer, epoch: number): Tree {
  const { architecture } = image;
  const created = new Date(epoch * 1000).toISOString().replace(".000", "");
  const rootfs = { type: "layers", diff_ids: [`sha256:${sha256(layer)}`] };
  const config = JSON.stringify({ created, architecture, os: "linux", config: image.config, rootfs });
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: descriptor("application/vnd.oci.image.config.v1+json", config),
    layers: [descriptor("application/vnd.oci.image.layer.v1.tar", layer)],
  });
  const entry = descriptor("application/vnd.oci.image.manifest.v1+json", manifest);
  const manifests = [image.name, ...(image.aliases ?? [])].map((name) => ({
    ...entry,
    annotations: {
      "io.containerd.image.name": name,
      "org.opencontainers.image.ref.name": name.slice(name.lastIndexOf(":") + 1),
    },
  }));
  const index = JSON.stringify({ schemaVersion: 2, manifests });
  return makeTree([
    textFile("oci-layout", JSON.stringify({ imageLayoutVersion: "1.0.0" })),
    textFile("index.json", index),
    blob(config),
    blob(manifest),
    blob(layer),
  ]);
}

/** The digest of the one manifest in an image layout. */
export function imageDigest(layout: Tree): string {
  const index = layout.get("index.json");
  if (index?.type !== "file") throw new Error("an image layout without index.json");
  const { manifests } = v.parse(Index, JSON.parse(Buffer.from(readContent(index.content)).toString()));
  return manifests[0].digest;
}

function descriptor(mediaType: string, content: string | Buffer) {
  return { mediaType, digest: `sha256:${sha256(content)}`, size: Buffer.byteLength(content) };
}

function blob(content: string | Buffer): Entry {
  const bytes = Buffer.from(content as string);
  return [`blobs/sha256/${sha256(content)}`, { type: "file", mode: 0o644, content: { bytes } }];
}
