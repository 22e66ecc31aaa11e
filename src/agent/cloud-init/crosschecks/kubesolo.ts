// What is below `kubesolo`: names that are there twice, and manifests that are none. Pure.
import { describeNetwork, overlap, wholeNetworks } from "../cluster-networks.ts";
import { shorthands } from "../decide/engine.ts";
import { manifestName } from "../decide/kubesolo.ts";
import { error, type Finding, type Path } from "../problems.ts";
import type { KubesoloConfig, NodeConfig } from "../schema/schema.ts";
import { crossCheckDns } from "./dns.ts";
import { type Said, settingsSaid } from "./engine-said.ts";
import { manifestProblem } from "./manifests.ts";
import { valueAt } from "./value-at.ts";

export function crossCheckKubesolo({ kubesolo }: NodeConfig): Finding[] {
  if (kubesolo == null) return [];
  const said = settingsSaid(kubesolo);
  return [
    ...engineSaidTwice(kubesolo),
    ...clusterNetworks(kubesolo),
    ...crossCheckDns(kubesolo, said),
    ...uselessAlone(said),
    ...repeated((kubesolo.manifests ?? []).map(manifestName), ["kubesolo", "manifests"]),
    ...repeated(
      (kubesolo.probes ?? []).map(({ name }) => name),
      ["kubesolo", "probes"],
    ),
    ...manifests(kubesolo),
    ...idleUpdates(kubesolo),
  ];
}

/** What is taken, and can have no effect as it stands. */
function idleUpdates({ updates }: KubesoloConfig): Finding[] {
  const warn = (key: string, message: string, hint?: string): Finding => ({
    ...{ severity: "warning", path: ["kubesolo", "updates", key], message, isAboutKey: true },
    ...(hint === undefined ? {} : { hint }),
  });
  const { source, window, auto } = updates ?? {};
  return [
    ...(source?.startsWith("oci:")
      ? [
          warn(
            "source",
            "no effect yet: this version takes no updates from registries",
            "name an http or https URL",
          ),
        ]
      : []),
    ...(window != null && auto !== true
      ? [warn("window", "no effect without auto: who updates by hand chooses the hour", "set auto: true")]
      : []),
    ...(auto === true && source == null
      ? [warn("auto", "without a source, only sticks are looked at", "name a source")]
      : []),
  ];
}

function clusterNetworks({ config }: KubesoloConfig): Finding[] {
  const all = wholeNetworks(config);
  const pods = all.filter(({ of }) => of === "pods");
  const services = all.filter(({ of }) => of === "Services");
  const isPods = valueAt(config, ["kubernetes", "podCIDR"]);
  const at = (key: string) => ["kubesolo", "config", "kubernetes", key];
  if (pods.length !== services.length) {
    const [has, hasNone] =
      pods.length > services.length ? ["podCIDR", "serviceCIDR"] : ["serviceCIDR", "podCIDR"];
    const message = `has an IPv6 network, and kubernetes.${hasNone} has none`;
    return [error(at(has), message, "give both one, or neither")];
  }
  return pods.flatMap((own) =>
    services
      .filter((other) => overlap(own.network, other.network))
      .map((other) =>
        error(
          at(isPods ? "podCIDR" : "serviceCIDR"),
          `that of ${describeNetwork(own)}, and that of ${describeNetwork(other)}, overlap`,
        ),
      ),
  );
}

/** Of each, what must be said, too, or the engine doesn't start. */
const NEEDS: readonly (readonly [key: string, other: string, value?: string])[] = [
  ["pki.caCert", "pki.caKey"],
  ["pki.caKey", "pki.caCert"],
  ["portainer.edgeID", "portainer.edgeKey"],
  ["portainer.edgeKey", "portainer.edgeID"],
  ["kubernetes.kubelet.cpuManager.policyOptions", "kubernetes.kubelet.cpuManager.policy", "static"],
];

function uselessAlone(said: readonly Said[]): Finding[] {
  return NEEDS.flatMap(([key, other, wanted]): Finding[] => {
    const found = said.find(({ setting }) => setting.key === key);
    const isThere = said.some(
      ({ setting, value }) => setting.key === other && (wanted === undefined || value === wanted),
    );
    if (found === undefined || isThere) return [];
    const what = wanted === undefined ? other : `${other}: ${wanted}`;
    return [error(found.at, `${found.by}of no use without ${what}`)];
  });
}

function engineSaidTwice(kubesolo: KubesoloConfig): Finding[] {
  return shorthands(kubesolo).flatMap(([ours, key]): Finding[] => {
    if (valueAt(kubesolo.config, key.split(".")) == null) return [];
    const message = `said twice: kubesolo.config has ${key}, which is the same`;
    return [
      { severity: "error", path: ["kubesolo", ...ours], message, hint: "remove one", isAboutKey: true },
    ];
  });
}

function repeated(names: readonly string[], path: Path): Finding[] {
  return names.flatMap((name, index): Finding[] => {
    if (names.indexOf(name) === index) return [];
    return [{ severity: "error", path: [...path, index], message: `there is another "${name}" above` }];
  });
}

function manifests(kubesolo: KubesoloConfig): Finding[] {
  return (kubesolo.manifests ?? []).flatMap((manifest, index): Finding[] => {
    if (typeof manifest === "string" || manifest.content == null) return [];
    const message = manifestProblem(manifest.content);
    if (message === undefined) return [];
    return [{ severity: "error", path: ["kubesolo", "manifests", index, "content"], message }];
  });
}
