// Kubernetes' parts of a configuration: one before the engine starts, one when its API is up.
import type { Action, Decision } from "../../cloud-init/actions.ts";
import { attempt } from "../../expected.ts";
import type { Host } from "../../host.ts";
import { linkImages } from "./images.ts";
import { keepManifests } from "./manifest-sources.ts";
import { applyManifests } from "./manifests.ts";
import { replaceRegistries } from "./registries.ts";

/** In the first half of a boot, while the configuration's volume is mounted. Returns the problems; the boot goes on. */
export function prepareKubernetes(host: Host, { actions }: Decision): readonly string[] {
  return [
    ...attempt("registries", () => {
      replaceRegistries(
        host,
        actionsOf(actions, "set-registries").flatMap(({ registries }) => registries),
      );
      return [];
    }),
    ...attempt("images", () =>
      linkImages(
        host,
        actionsOf(actions, "load-images").flatMap(({ archives }) => archives),
      ),
    ),
    ...attempt("manifests", () => keepManifests(host, manifestsOf(actions))),
  ];
}

/** When the node is ready; to be called again later while there are problems. */
export function configureKubernetes(host: Host, { actions }: Decision): readonly string[] {
  return attempt("manifests", () => applyManifests(host, manifestsOf(actions)));
}

function manifestsOf(actions: readonly Action[]) {
  return actionsOf(actions, "set-manifests").flatMap(({ manifests }) => manifests);
}

function actionsOf<K extends Action["do"]>(
  actions: readonly Action[],
  kind: K,
): Extract<Action, { do: K }>[] {
  return actions.filter((action): action is Extract<Action, { do: K }> => action.do === kind);
}
