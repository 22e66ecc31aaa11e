// What the engine's own file may say: engine/config/settings.go, in the same order. A test holds both equal. The engine
// checks values more closely; here is what a person most likely gets wrong.
import * as v from "valibot";
import { once } from "../../once.ts";
import { gates } from "./engine-gates.ts";
import { hosts, stubZones } from "./engine-lists.ts";
import {
  address,
  cpus,
  duration,
  empty,
  endpoint,
  file,
  folder,
  imageName,
  isCpuOption,
  isReservation,
  list,
  networks,
  pairs,
  subject,
  word,
} from "./engine-values.ts";
import { type AnySchema, mapping, maybe, truth, wholeNumber } from "./kinds.ts";
import { kubeletLabels } from "./labels.ts";
import { domainName } from "./names.ts";

export interface EngineSetting {
  readonly key: string;
  /** Without its dashes. */
  readonly flag?: string;
  readonly value: AnySchema;
  /** What lies at the path that it is: all state, volumes, or a file that is there before. */
  readonly holds?: "state" | "volumes" | "file";
}

const POD_NETWORK =
  "an IPv4 network of /8 to /25, such as 172.20.0.0/16; or one and an IPv6 network of /48 to /112: 172.20.0.0/16,fd20::/56";
const SERVICE_NETWORK =
  "an IPv4 network of /12 to /28, such as 172.21.0.0/16; or one and an IPv6 network of /108 to /120: 172.21.0.0/16,fd21::/112";

export const engineSettings = once((): readonly EngineSetting[] => [
  { key: "path", flag: "path", value: folder(), holds: "state" },
  { key: "kubernetes.nodeName", value: empty(domainName, "a name such as node-1") },
  { key: "kubernetes.nodeLabels", flag: "node-labels", value: kubeletLabels() },
  { key: "kubernetes.podCIDR", flag: "pod-cidr", value: networks([8, 25], [48, 112], POD_NETWORK) },
  {
    key: "kubernetes.serviceCIDR",
    flag: "service-cidr",
    value: networks([12, 28], [108, 120], SERVICE_NETWORK),
  },
  { key: "network.nodeIP", flag: "node-ip", value: address() },
  {
    key: "kubernetes.apiServer.extraSANs",
    flag: "apiserver-extra-sans",
    value: list(subject(), "a list of DNS names and IP addresses"),
  },
  { key: "kubernetes.apiServer.clientCA", flag: "apiserver-client-ca", value: file(), holds: "file" },
  {
    key: "kubernetes.apiServer.authenticationConfigFile",
    flag: "apiserver-authentication-config-file",
    value: file(),
    holds: "file",
  },
  {
    key: "kubernetes.apiServer.admissionConfigFile",
    flag: "apiserver-admission-config-file",
    value: file(),
    holds: "file",
  },
  {
    key: "kubernetes.apiServer.auditPolicyFile",
    flag: "apiserver-audit-policy-file",
    value: file(),
    holds: "file",
  },
  {
    key: "kubernetes.apiServer.encryptionConfigFile",
    flag: "apiserver-encryption-config-file",
    value: file(),
    holds: "file",
  },
  {
    key: "kubernetes.apiServer.startupTimeoutSeconds",
    flag: "startup-timeout",
    value: duration(10, 86_400, "10 seconds to a day, such as 600 or 10m"),
  },
  { key: "kubernetes.featureGates", flag: "feature-gates", value: gates() },
  {
    key: "kubernetes.kubelet.shutdownGracePeriodSeconds",
    flag: "shutdown-grace-period",
    value: duration(0, 120, "0 to 120 seconds, such as 60 or 1m"),
  },
  {
    key: "kubernetes.kubelet.systemReserved",
    flag: "system-reserved",
    value: pairs(isReservation, "quantities such as {cpu: 500m, memory: 200Mi}"),
  },
  {
    key: "kubernetes.kubelet.podPidsLimit",
    flag: "pod-max-pids",
    value: wholeNumber(64, 4_194_304, "64 to 4194304, such as 1024"),
  },
  {
    key: "kubernetes.kubelet.cpuManager.reservedCPUs",
    flag: "reserved-cpus",
    value: cpus(),
  },
  {
    key: "kubernetes.kubelet.cpuManager.policy",
    flag: "cpu-manager-policy",
    value: v.picklist(["none", "static"], "none or static"),
  },
  {
    key: "kubernetes.kubelet.cpuManager.policyOptions",
    flag: "cpu-manager-policy-options",
    value: pairs(isCpuOption, "options such as {full-pcpus-only: true}"),
  },
  {
    key: "network.mtu",
    flag: "mtu",
    value: v.pipe(
      v.number("0, or 576 to 65535"),
      v.integer("0, or 576 to 65535"),
      v.check((bytes) => bytes === 0 || (bytes >= 576 && bytes <= 65_535), "0, or 576 to 65535"),
    ),
  },
  { key: "network.disableIPv6", flag: "disable-ipv6", value: truth },
  { key: "dns.stubZones", flag: "dns-stub-zones", value: stubZones() },
  { key: "dns.hosts", flag: "dns-hosts", value: hosts() },
  { key: "network.loadBalancer.enabled", flag: "load-balancer", value: truth },
  { key: "network.loadBalancer.ip", flag: "load-balancer-ip", value: address() },
  { key: "storage.localPath.enabled", flag: "local-storage", value: truth },
  {
    key: "storage.localPath.sharedPath",
    flag: "local-storage-shared-path",
    value: folder(),
    holds: "volumes",
  },
  { key: "storage.localPath.strict", flag: "local-storage-strict", value: truth },
  { key: "storage.dbWALRepair", flag: "db-wal-repair", value: truth },
  { key: "metrics.enabled", flag: "metrics-server", value: truth },
  {
    key: "metrics.bindAddress",
    flag: "metrics-bind-address",
    value: endpoint(),
  },
  { key: "metrics.api", flag: "metrics-api", value: truth },
  { key: "pki.caCert", value: file(), holds: "file" },
  { key: "pki.caKey", value: file(), holds: "file" },
  { key: "portainer.edgeID", flag: "portainer-edge-id", value: word("what Portainer shows") },
  { key: "portainer.edgeKey", flag: "portainer-edge-key", value: word("what Portainer shows") },
  { key: "portainer.async", flag: "portainer-edge-async", value: truth },
  { key: "portainer.image", flag: "portainer-edge-image", value: imageName() },
  { key: "logging.debug", flag: "debug", value: truth },
]);

/** Keys of KubeSolo's that this engine hasn't: they may be there with the value that means "not". */
export const absentSettings = once((): readonly EngineSetting[] => [
  absent("api.enabled", false, "this engine's configuration is its file only"),
  absent("api.socketPath", "", "this engine's configuration is its file only"),
  absent("d2k.enabled", false, "this engine has no Docker API"),
  absent("d2k.namespace", "d2k", "this engine has no Docker API"),
  absent("logging.pprof", false, "this engine serves no profiles"),
  absent("runtime.endpoint", "", "this engine always runs its own containerd"),
  absent("runtime.containerMode", false, "this engine does not run in a container"),
  absent("kubernetes.kubelet.external", false, "this engine always runs its own kubelet"),
  absent("kubernetes.bootstrapToken", "", "this node joins no other cluster"),
  absent("kubernetes.bootstrapKubeconfig", "", "this node joins no other cluster"),
  absent("storage.etcd.endpoints", [], "this engine always has its own database"),
  absent("storage.etcd.caFile", "", "this engine always has its own database"),
  absent("storage.etcd.certFile", "", "this engine always has its own database"),
  absent("storage.etcd.keyFile", "", "this engine always has its own database"),
]);

export const switchNames = once((): readonly string[] =>
  engineSettings().flatMap(({ flag, value }) => (flag !== undefined && value === truth ? [flag] : [])),
);

/** Words of the command line, most of which are flags. */
export const flagNames = once((): readonly string[] =>
  engineSettings().flatMap(({ flag }) => (flag === undefined ? [] : [flag])),
);

/** The file as a schema: dots become levels. */
export const engineConfig = once(() =>
  mapping({
    apiVersion: maybe(v.literal("kubesolo.io/v1alpha1", '"kubesolo.io/v1alpha1"')),
    kind: maybe(v.literal("Config", '"Config"')),
    ...levels([...engineSettings(), ...absentSettings()]),
  }),
);

function levels(settings: readonly EngineSetting[]): Record<string, AnySchema> {
  const entries: Record<string, AnySchema> = {};
  for (const name of new Set(settings.map(({ key }) => key.split(".")[0] as string))) {
    const below = settings.flatMap((setting) =>
      setting.key.startsWith(`${name}.`) ? [{ ...setting, key: setting.key.slice(name.length + 1) }] : [],
    );
    const own = settings.find(({ key }) => key === name);
    entries[name] = maybe(own === undefined ? mapping(levels(below)) : own.value);
  }
  return entries;
}

function absent(key: string, value: boolean | string | readonly [], reason: string): EngineSetting {
  const expected = `${JSON.stringify(value)}: ${reason}`;
  if (typeof value !== "object") return { key, value: v.literal(value, expected) };
  return { key, value: v.pipe(v.array(v.unknown(), expected), v.maxLength(0, expected)) };
}
