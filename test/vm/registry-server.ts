// Debian's registry of container images on a port of this host.
import { rmSync } from "node:fs";
import { join } from "node:path";
import {
  curlArgs,
  prepareRegistry,
  pushImage,
  type Registry,
  type RegistryPlan,
  waitForRegistry,
} from "../../src/lib/registry.ts";
import { run } from "../../src/lib/run.ts";
import { findFreePort } from "../../src/vm/ports.ts";
import { hostAddress } from "../../src/vm/release-server.ts";
import { runBeside } from "../background.ts";
import { loginArgs, makeGuard } from "../private-authority.ts";

export interface RegistryServer extends Registry, AsyncDisposable {
  readonly port: number;
  /** Puts the image of an OCI archive into it as NAME:1. */
  push(archive: string, name: string): Promise<void>;
}

/** Everything of it lies in the folder, a host path, which is made anew. */
export async function startRegistry(program: string, folder: string): Promise<RegistryServer> {
  rmSync(folder, { recursive: true, force: true });
  const port = await findFreePort();
  const curl = (...args: string[]) => run([...curlArgs, ...args]);
  return await start({ program, folder, port }, { url: `http://127.0.0.1:${port}`, curl });
}

/**
 * Another one, with what is in the storage of the folder `open`: it asks for the login of private-authority.ts, and has a
 * certificate for the machine's address of this host, by an authority that nobody knows.
 */
export async function startSecuredRegistry(
  program: string,
  folder: string,
  open: string,
): Promise<{ server: RegistryServer; caPem: string }> {
  rmSync(folder, { recursive: true, force: true });
  const port = await findFreePort();
  const { caPem, ...guard } = await makeGuard(folder, hostAddress);
  const here = ["--connect-to", `${hostAddress}:${port}:127.0.0.1:${port}`];
  const letIn = ["--cacert", join(folder, "ca.crt"), ...loginArgs];
  const curl = (...args: string[]) => run([...curlArgs, ...here, ...letIn, ...args]);
  const plan = { program, folder, port, guard, storage: join(open, "storage") };
  return { caPem, server: await start(plan, { url: `https://${hostAddress}:${port}`, curl }) };
}

async function start(
  plan: Omit<RegistryPlan, "address"> & { port: number },
  asked: Pick<Registry, "url" | "curl">,
): Promise<RegistryServer> {
  const { port } = plan;
  const registry = { ...asked, log: join(plan.folder, "log") };
  const command = prepareRegistry({ ...plan, address: `127.0.0.1:${port}` });
  const program = runBeside(command, { outputFile: registry.log });
  try {
    await waitForRegistry(registry, () => program.isRunning);
  } catch (error) {
    await program[Symbol.asyncDispose]();
    throw error;
  }
  return {
    ...registry,
    port,
    push: (archive, name) => pushImage(registry, archive, name),
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}
