// kubesolo: what the engine is told.
import * as v from "valibot";
import { once } from "../../once.ts";
import { parseFlags } from "./engine-flags.ts";
import { engineConfig } from "./engine-settings.ts";
import { imageName } from "./engine-values.ts";
import { listOf, mapping, matching, maybe, truth } from "./kinds.ts";
import { nodeLabels } from "./labels.ts";
import { absoluteFolder } from "./paths.ts";

const FLAG_WORDS = 'the engine\'s flags, such as "--mtu=1400 --debug"';

const flags = once(() =>
  v.pipe(
    v.union([v.string(FLAG_WORDS), listOf(v.string("a flag"), FLAG_WORDS)], FLAG_WORDS),
    v.transform((value) => (typeof value === "string" ? value.trim().split(/\s+/).filter(Boolean) : value)),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      for (const message of parseFlags(dataset.value).problems) addIssue({ message });
    }),
  ),
);

const WORD = "what Portainer shows, without spaces";

export const engineKeys = {
  flags: () => v.pipe(maybe(flags()), v.description("Flags of the engine, on one line or as a list.")),
  config: () =>
    v.pipe(
      maybe(engineConfig()),
      v.description("The engine's own configuration file; docs/engine-configuration.md has its keys."),
    ),
  node_labels: () =>
    v.pipe(
      maybe(nodeLabels()),
      v.description(
        "Labels of the node, from its registration on; those that a kubelet may not set itself, once it is ready.",
      ),
    ),
  portainer: () =>
    v.pipe(
      maybe(
        v.pipe(
          mapping({
            edge_id: v.pipe(
              maybe(matching(/^\S+$/, WORD)),
              v.description("This node's Edge ID at a Portainer server."),
            ),
            edge_key: v.pipe(maybe(matching(/^[^\s*]+$/, WORD)), v.description("Its Edge Key, a secret.")),
            edge_async: v.pipe(
              maybe(truth),
              v.description("The agent asks its server now and then, without a tunnel."),
            ),
            image: v.pipe(maybe(imageName()), v.description("The agent's image.")),
          }),
          v.rawCheck(({ dataset, addIssue }) => {
            if (!dataset.typed) return;
            const { edge_id, edge_key } = dataset.value;
            if ((edge_id == null) === (edge_key == null)) return;
            addIssue({
              message: `${edge_id == null ? "edge_id" : "edge_key"} is missing: the agent needs both`,
            });
          }),
        ),
      ),
      v.description("Starts Portainer's Edge agent."),
    ),
  local_storage: () =>
    v.pipe(
      maybe(
        v.union(
          [
            mapping({
              enabled: v.pipe(
                maybe(truth),
                v.description("Provision volumes of the storage class local-path."),
              ),
              shared_path: v.pipe(
                maybe(absoluteFolder),
                v.description("For volumes that several pods write at once."),
              ),
            }),
            truth,
          ],
          "yes, no, or a mapping of keys",
        ),
      ),
      v.description("Volumes in folders of the data partition."),
    ),
};
