// A registry of unpacked OCI archives, read-only: some specs pull their image whatever is there already. Runs as a
// process of its own, on the node. Protocol: github.com/opencontainers/distribution-spec, spec.md, "Pull".
//   usage: registry.ts FOLDER PORT; an image "e2e/agnhost" is an image layout in FOLDER/agnhost
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import * as v from "valibot";

const Index = v.object({
  manifests: v.array(
    v.object({ digest: v.string(), mediaType: v.string(), annotations: v.record(v.string(), v.string()) }),
  ),
});

interface Found {
  readonly digest: string;
  readonly mediaType: string;
}

const [folder = "", port = ""] = process.argv.slice(2);

createServer((request, response) => {
  const found = find(request.url ?? "");
  if (found === undefined) return response.writeHead(request.url === "/v2/" ? 200 : 404).end();
  const { path, digest, mediaType } = found;
  response.writeHead(200, {
    "content-type": mediaType,
    "content-length": statSync(path).size,
    "docker-content-digest": digest,
  });
  return request.method === "HEAD" ? response.end() : createReadStream(path).pipe(response);
}).listen(Number(port), "127.0.0.1");

/** The file that a path of the protocol means. */
function find(url: string): (Found & { readonly path: string }) | undefined {
  const [, name = "", kind, reference = ""] =
    /^\/v2\/e2e\/([a-z-]+)\/(manifests|blobs)\/([\w.:-]+)$/.exec(url) ?? [];
  const layout = join(folder, name);
  if (kind === undefined || !existsSync(layout)) return undefined;
  const found = kind === "manifests" ? findManifest(layout, reference) : blob(reference);
  if (found === undefined) return undefined;
  const path = join(layout, "blobs", found.digest.replace(":", "/"));
  return existsSync(path) ? { ...found, path } : undefined;
}

function blob(digest: string): Found {
  return { digest, mediaType: "application/octet-stream" };
}

/** By tag or by digest. */
function findManifest(layout: string, reference: string): Found | undefined {
  const { manifests } = v.parse(Index, JSON.parse(readFileSync(join(layout, "index.json"), "utf8")));
  return manifests.find(
    ({ digest, annotations }) =>
      digest === reference || annotations["org.opencontainers.image.ref.name"] === reference,
  );
}
