// What the engine says of itself, for tests of parts in other languages. `UPDATE=1 go test ./config` in engine/ writes it.
import { readFileSync } from "node:fs";
import * as v from "valibot";
import { sourcePath } from "../src/lib/paths.ts";

const Setting = v.strictObject({
  /** In the engine's file, such as "network.nodeIP"; "" when it isn't there. */
  key: v.string(),
  /** Without its dashes; "" when there is none. */
  flag: v.string(),
  environment: v.string(),
  shape: v.picklist(["value", "switch", "list", "pairs", "lists"]),
  default: v.string(),
  help: v.string(),
  right: v.string(),
  isSecret: v.boolean(),
});

const Contract = v.strictObject({
  apiServerPort: v.number(),
  kubeletPort: v.number(),
  path: v.string(),
  adminKubeconfig: v.string(),
  file: v.string(),
  readyFile: v.string(),
  nodeNameFile: v.string(),
  registryHosts: v.string(),
  configuredImages: v.string(),
  systemMetrics: v.string(),
  supportPath: v.string(),
  apiVersion: v.string(),
  kind: v.string(),
  settings: v.array(Setting),
  absent: v.array(Setting),
});

export type EngineSetting = v.InferOutput<typeof Setting>;

export const engineContract = v.parse(
  v.pipe(v.string(), v.parseJson(), Contract),
  readFileSync(sourcePath("engine/config/testdata/contract.json"), "utf8"),
);
