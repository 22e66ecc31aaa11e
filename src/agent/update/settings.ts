// What the node's configuration says of updates (kubesolo.updates).
import * as v from "valibot";
import type { Host } from "../host.ts";
import { findJson } from "../json.ts";
import { places } from "../places.ts";

const Settings = v.object({
  source: v.optional(v.string()),
  channel: v.optional(v.string()),
  window: v.optional(v.array(v.string()), []),
  auto: v.optional(v.boolean(), false),
});

export type Settings = v.InferOutput<typeof Settings>;

export function readSettings(host: Host): Settings {
  const settings = findJson(host, places.updates, 65_536, Settings);
  if (typeof settings === "object") return settings;
  if (settings === "damaged")
    host.print(
      "stderr",
      `${places.updates} is damaged: what the configuration says of updates doesn't count`,
    );
  return { window: [], auto: false };
}
