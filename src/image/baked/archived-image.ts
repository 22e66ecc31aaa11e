// Whether a node of an architecture can run an image of an archive: what the engine refuses (engine/images/runnable.go). Pure.
import * as v from "valibot";
import type { Architecture } from "../debian/inputs.ts";

/** Files of the archive by their names. */
export type Texts = ReadonlyMap<string, string>;

const Platform = v.object({ os: v.optional(v.string(), ""), architecture: v.optional(v.string(), "") });
type Platform = v.InferOutput<typeof Platform>;

export const Descriptor = v.object({
  digest: v.string(),
  mediaType: v.optional(v.string(), ""),
  platform: v.optional(Platform),
});
export type Descriptor = v.InferOutput<typeof Descriptor>;

const Index = v.object({ manifests: v.array(Descriptor) });
const Manifest = v.object({ config: Descriptor });

/** What a processor runs besides its own. */
const RUNS: Record<Architecture, readonly string[]> = { amd64: ["amd64", "386"], arm64: ["arm64", "arm"] };

const CONFIGS = [
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
];
const HELM_CONFIG = "application/vnd.cncf.helm.config.v1+json";

/** Throws unless one of the images that have the name can run. */
export function checkRunnable(
  name: string,
  targets: readonly Descriptor[],
  texts: Texts,
  architecture: Architecture,
): void {
  const problems = targets.map((target) => whyNotRunnable(target, texts, architecture));
  if (!problems.includes(undefined)) throw new Error(`${name}: ${problems.join("; ")}`);
}

function whyNotRunnable(target: Descriptor, texts: Texts, architecture: Architecture): string | undefined {
  const text = texts.get(`blobs/${target.digest.replace(":", "/")}`);
  if (text === undefined) return `${target.digest} is missing in it, or no JSON`;
  if (/\.index\.|manifest\.list/.test(target.mediaType)) {
    const { manifests } = v.parse(Index, JSON.parse(text));
    const fitting = manifests.find(({ platform }) => platform === undefined || fits(platform, architecture));
    if (fitting !== undefined) return whyNotRunnable(fitting, texts, architecture);
    return describeOther(
      manifests.flatMap(({ platform }) => platform ?? []),
      architecture,
    );
  }
  const { config } = v.parse(Manifest, JSON.parse(text));
  if (config.mediaType === HELM_CONFIG) return "it is a Helm chart, no image";
  if (!CONFIGS.includes(config.mediaType)) return `it is no image, but "${config.mediaType}"`;
  return whyNotFor(architecture, texts.get(`blobs/${config.digest.replace(":", "/")}`));
}

/** What speaks against an image with this configuration. */
export function whyNotFor(architecture: Architecture, config: string | undefined): string | undefined {
  if (config === undefined) return "its configuration is missing, or no JSON";
  const platform = v.parse(Platform, JSON.parse(config));
  return platform.architecture === "" || fits(platform, architecture) // some old ones don't say
    ? undefined
    : describeOther([platform], architecture);
}

function fits(platform: Platform, architecture: Architecture): boolean {
  return ["linux", ""].includes(platform.os) && RUNS[architecture].includes(platform.architecture);
}

function describeOther(offered: readonly Platform[], architecture: Architecture): string {
  const names = offered
    .filter(({ os }) => os !== "unknown") // attestations
    .map((platform) => `${platform.os}/${platform.architecture}`);
  return `it is for ${names.join(", ")}, and the image is for linux/${architecture}`;
}
