// Debian's registry of container images outside of a sandbox's node: TLS by an authority of its own, and a login.
import { join } from "node:path";
import { readKit } from "../../src/lib/built.ts";
import {
  curlArgs,
  prepareRegistry,
  pushImage,
  type Registry,
  waitForRegistry,
} from "../../src/lib/registry.ts";
import { outsideAddress } from "../../src/sandbox/options.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { loginArgs, makeGuard } from "../private-authority.ts";

export const registryHost = `${outsideAddress}:5000`;

export interface TlsRegistry extends Registry {
  /** PEM of the authority that signed its certificate. */
  readonly caPem: string;
  /** Puts the image of an OCI archive into it as NAME:1. */
  push(archive: string, name: string): Promise<void>;
}

/** It ends with the sandbox. All of its files lie in `folder`, a host path. */
export async function startTlsRegistry(sandbox: Sandbox, folder: string): Promise<TlsRegistry> {
  const { caPem, ...guard } = await makeGuard(folder, outsideAddress);
  const letIn = ["--cacert", join(folder, "ca.crt"), ...loginArgs];
  const registry: Registry = {
    url: `https://${registryHost}`,
    curl: (...args) => sandbox.runOutside([...curlArgs, ...letIn, ...args]),
    log: join(folder, "log"),
  };
  const command = prepareRegistry({ program: readKit().registry, folder, address: registryHost, guard });
  sandbox.runOutside(command, { outputFile: registry.log }).catch(() => {}); // missing, it doesn't answer
  await waitForRegistry(registry);
  return { ...registry, caPem, push: (archive, name) => pushImage(registry, archive, name) };
}
