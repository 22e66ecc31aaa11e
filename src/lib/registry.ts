// Debian's registry of container images: how it is started, and images put into it.
// Protocol: github.com/opencontainers/distribution-spec, spec.md, "Push".
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { UserError } from "./errors.ts";
import { readTextIfThere } from "./files.ts";
import { run } from "./run.ts";
import { waitFor } from "./wait.ts";

export interface RegistryPlan {
  /** Host path of docker-registry. */
  readonly program: string;
  /** Host path of a folder for its configuration and its log. */
  readonly folder: string;
  /** Host path of the folder of its images: "storage" in the other one, if it isn't said. */
  readonly storage?: string;
  /** HOST:PORT that it listens on. */
  readonly address: string;
  /** Without it everybody may ask, and without TLS. */
  readonly guard?: RegistryGuard;
}

/** Host paths: a certificate and its key, and the file of passwords that htpasswd writes. */
export interface RegistryGuard {
  readonly certificate: string;
  readonly key: string;
  readonly passwords: string;
}

/** A registry that runs, as somebody sees it. */
export interface Registry {
  /** "http://localhost:5000" */
  readonly url: string;
  /** Runs curl, with what it takes to reach the registry and to be let in. */
  readonly curl: (...args: string[]) => Promise<string>;
  /** Host path of what it prints: a line a request. */
  readonly log: string;
}

/** How curl is called: it fails with the server's errors, and says why. */
export const curlArgs = ["curl", "--silent", "--show-error", "--fail"] as const;

/** Writes its configuration (distribution's docs/configuration.md); returns the words that start it. */
export function prepareRegistry({ program, folder, address, guard, ...plan }: RegistryPlan): string[] {
  const file = join(folder, "config.yml");
  const tls = guard && { certificate: guard.certificate, key: guard.key };
  const config = {
    version: 0.1,
    storage: { filesystem: { rootdirectory: plan.storage ?? join(folder, "storage") } },
    http: { addr: address, ...(tls && { tls }) },
    ...(guard && { auth: { htpasswd: { realm: "registry", path: guard.passwords } } }),
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify(config));
  return [program, "serve", file];
}

/** Waits until it lets us in; `isRunning` says whether that can still be. */
export async function waitForRegistry(
  { url, curl, log }: Registry,
  isRunning: () => boolean = () => true,
): Promise<void> {
  let last: unknown;
  const trouble = (message: string) =>
    new UserError(`${message}\n${readTextIfThere(log) ?? ""}`, { cause: last, hint: `see ${log}` });
  const check = () => {
    if (!isRunning()) throw trouble("the registry has ended");
  };
  const attempt = () =>
    curl(`${url}/v2/`).catch((error: unknown) => {
      last = error;
      return undefined;
    });
  await waitFor({ what: () => "the registry to answer", timeoutMs: 60_000, attempt }, { check, trouble });
}

const Index = v.object({
  manifests: v.array(
    v.object({
      mediaType: v.string(),
      digest: v.string(),
      annotations: v.object({ "org.opencontainers.image.ref.name": v.string() }),
    }),
  ),
});

/** Puts an OCI archive's image into it under this name, with all of the archive's tags. */
export async function pushImage(registry: Registry, archive: string, name: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "kubesolo-push-"));
  try {
    await run(["tar", "--extract", `--file=${archive}`, `--directory=${folder}`]);
    await pushLayout(registry, folder, name);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function pushLayout({ url, curl }: Registry, folder: string, name: string): Promise<void> {
  const repository = `${url}/v2/${name}`;
  const { manifests } = v.parse(Index, JSON.parse(readFileSync(join(folder, "index.json"), "utf8")));
  const blobs = join(folder, "blobs/sha256");
  const put = (file: string, type: string, to: string) =>
    curl("--upload-file", join(blobs, file), "--header", `Content-Type: ${type}`, to);
  const manifestFiles = new Set(manifests.map(({ digest }) => fileOf(digest)));
  for (const file of readdirSync(blobs).filter((each) => !manifestFiles.has(each))) {
    const start = ["--request", "POST", "--dump-header", "-", "--output", "/dev/null"];
    const header = await curl(...start, `${repository}/blobs/uploads/`);
    const [, place = ""] = /^location: (\S+)/im.exec(header) ?? [];
    await put(
      file,
      "application/octet-stream",
      `${place}${place.includes("?") ? "&" : "?"}digest=sha256:${file}`,
    );
  }
  for (const { digest, mediaType, annotations } of manifests) {
    const tag = annotations["org.opencontainers.image.ref.name"];
    await put(fileOf(digest), mediaType, `${repository}/manifests/${tag}`);
  }
}

/** The blob's name in the folder of its algorithm. */
function fileOf(digest: string): string {
  return digest.replace("sha256:", "");
}
