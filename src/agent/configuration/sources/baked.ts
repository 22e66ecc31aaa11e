// The configuration that was baked into the image: the default of all nodes made from it. It is never kept: a newer image
// brings a newer one, and a kept copy is somebody's decision for this node.

import { MAX_SOURCE_BYTES } from "../../cloud-init/source.ts";
import { isHostFailure } from "../../expected.ts";
import type { Host } from "../../host.ts";
import { places } from "../../places.ts";
import type { Kept } from "./kept.ts";
import type { Found } from "./source.ts";
import { decodeText } from "./text.ts";

export const BAKED_ORIGIN = "the image's own";

export function findBaked(host: Host): Found | undefined {
  if (host.stat(places.bakedUserData) === undefined) return undefined;
  const found = { place: "image", origin: BAKED_ORIGIN } as const;
  try {
    const text = decodeText(host, host.readBytes(places.bakedUserData, MAX_SOURCE_BYTES));
    const name = `${BAKED_ORIGIN} user-data`;
    return { ...found, sources: [{ kind: "user-data", name, text }], problems: [] };
  } catch (error) {
    if (!isHostFailure(error)) throw error;
    return { ...found, sources: [], problems: [`${BAKED_ORIGIN}: ${error.message}`] };
  }
}

/** As what counts instead of a bad one, when none was kept. */
export function readBaked(host: Host): Kept | undefined {
  const found = findBaked(host);
  if (found === undefined || found.problems.length > 0) return undefined;
  return { origin: found.origin, sources: [...found.sources] };
}
