import { expect, test } from "vitest";
import { sha256 } from "../lib/files.ts";
import { readContent } from "../tree/content.ts";
import { makeTree } from "../tree/tree.ts";
import { imageDigest, planOciLayout } from "./container-image.ts";

const layer = Buffer.from("a tar archive");
const image = {
  name: "localhost/app:1",
  architecture: "amd64",
  config: { Entrypoint: ["/app"] },
  tree: makeTree([]),
};
const layout = planOciLayout(image, layer, 0);

function read(path: string) {
  const node = layout.get(path);
  if (node?.type !== "file") throw new Error(`no file "${path}"`);
  return Buffer.from(readContent(node.content)).toString();
}

test("every blob lies under its own digest", () => {
  const blobs = [...layout.keys()].filter((path) => /^blobs\/sha256\/./.test(path));
  expect(blobs).toHaveLength(3);
  for (const path of blobs) expect(sha256(read(path))).toBe(path.slice("blobs/sha256/".length));
});

test("the index leads to the manifest, the manifest to configuration and layer", () => {
  const [entry] = JSON.parse(read("index.json")).manifests;
  const manifest = JSON.parse(read(`blobs/sha256/${entry.digest.slice(7)}`));
  const config = JSON.parse(read(`blobs/sha256/${manifest.config.digest.slice(7)}`));
  expect(imageDigest(layout)).toBe(entry.digest);
  expect(entry.annotations["io.containerd.image.name"]).toBe("localhost/app:1");
  expect(manifest.layers).toEqual([
    {
      mediaType: "application/vnd.oci.image.layer.v1.tar",
      digest: `sha256:${sha256(layer)}`,
      size: layer.length,
    },
  ]);
  expect(config).toMatchObject({
    architecture: "amd64",
    os: "linux",
    created: "1970-01-01T00:00:00Z",
    config: { Entrypoint: ["/app"] },
    rootfs: { type: "layers", diff_ids: [`sha256:${sha256(layer)}`] },
  });
});
