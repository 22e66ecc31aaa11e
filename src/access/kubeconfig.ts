// A kubeconfig as kubectl, Helm and k9s read it. Pure.
import { stringify } from "yaml";
import type { Identity } from "./certificates.ts";

export interface Access {
  /** The cluster's name, and the context's behind the user's. */
  readonly name: string;
  readonly url: string;
  readonly caPem: string;
  /** A name that the server's certificate has, when it hasn't the address's. */
  readonly serverName?: string;
  /** undefined: somebody else says who the user is. */
  readonly user?: Identity & { readonly name: string };
}

export function formatKubeconfig({ name, url, caPem, serverName, user }: Access): string {
  const context = user === undefined ? name : `${user.name}@${name}`;
  const cluster = {
    server: url,
    ...(serverName !== undefined && { "tls-server-name": serverName }),
    "certificate-authority-data": base64(caPem),
  };
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster }],
    users: user === undefined ? [] : [{ name: context, user: userData(user) }],
    contexts: [{ name: context, context: { cluster: name, user: context } }],
    "current-context": context,
  });
}

function userData({ certificatePem, keyPem }: Identity): object {
  return { "client-certificate-data": base64(certificatePem), "client-key-data": base64(keyPem) };
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
