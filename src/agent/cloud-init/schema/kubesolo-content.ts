// kubesolo: what the node runs from the start.
import * as v from "valibot";
import { once } from "../../once.ts";
import { ignored } from "./key-notes.ts";
import { mapping, matching, maybe, oneOrMany } from "./kinds.ts";

const ARCHIVE =
  "an image archive such as images/app.tar: a path on the device, or on the configuration's volume";
const archive = once(() =>
  v.pipe(
    v.string(ARCHIVE),
    v.check((path) => /^[^:\s][^:]*\.(?:tar|tgz|tar\.(?:gz|zst))$/.test(path) && isInside(path), ARCHIVE),
  ),
);

const MANIFEST =
  "a manifest such as manifests/app.yaml: a path on the device, or on the configuration's volume";
const manifestPath = once(() =>
  v.pipe(
    v.string(MANIFEST),
    v.check((path) => /^[^:\s][^:]*\.(?:ya?ml|json)$/.test(path) && isInside(path), MANIFEST),
  ),
);
const manifest = once(() =>
  v.pipe(
    mapping({
      name: v.pipe(
        matching(
          /^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/,
          "a name such as app: lower-case letters, digits, '-' and '.'",
        ),
        v.description("Names it in what is applied and removed."),
      ),
      content: v.pipe(
        maybe(v.string("YAML as text, after content: |")),
        v.description("Kubernetes objects as YAML text."),
      ),
      path: v.pipe(maybe(manifestPath()), v.description("Or a file with them.")),
      url: ignored(
        "manifests aren't loaded from the network",
        "write it as content, or put the file on the volume",
      ),
    }),
    v.check(
      ({ content, path }) => (content == null) !== (path == null),
      "a mapping with name and either content or path",
    ),
  ),
);

export type ConfigManifest = v.InferOutput<ReturnType<typeof manifest>>;

export const contentKeys = {
  images: () =>
    v.pipe(
      maybe(oneOrMany(archive(), "a list of image archives")),
      v.description(
        "Image archives to load before the node is ready: .tar, .tar.gz or .tar.zst of docker save or OCI.",
      ),
    ),
  manifests: () =>
    v.pipe(
      maybe(oneOrMany(v.union([manifest(), manifestPath()], MANIFEST), "a list of manifests")),
      v.description(
        "Kubernetes objects that are applied, applied again when they change, and removed when they go.",
      ),
    ),
};

function isInside(path: string): boolean {
  return path.length < 4096 && !path.split("/").includes("..");
}
