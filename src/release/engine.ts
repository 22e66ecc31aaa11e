// What the rest of the system has to know of the engine; pure. engine/config says the same: a test holds both equal.

export const API_SERVER_PORT = 6443;
export const KUBELET_PORT = 10250;

/** The folder of all its state, unless it is told another. */
export const ENGINE_STATE = "/var/lib/kubesolo";

/** What Kubernetes calls the node, once it has registered: not always as the host is called now. */
export const NODE_NAME = `${ENGINE_STATE}/kine/node-name`;

/** There from when it was ready until it stops. */
export const READY_FILE = "/run/kubesolo/ready";

/** Its configuration file. */
export const ENGINE_CONFIG = "/etc/kubesolo/config.yaml";

/** Where the node's configuration leaves whom the API server takes. */
export const CLIENT_CA = "/etc/kubesolo/client-ca.crt";
export const AUTHENTICATION_CONFIG = "/etc/kubesolo/authentication.json";

/** A folder for each registry that isn't pulled from as its name says. */
export const REGISTRY_HOSTS = "/etc/kubesolo/certs.d";

/** The administrator's kubeconfig below a folder of state. */
export function adminKubeconfig(state: string = ENGINE_STATE): string {
  return `${state}/pki/admin/admin.kubeconfig`;
}
