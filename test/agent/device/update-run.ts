// For tests: the agent's commands about updates, on a device in a folder that the test's end removes.
import { rmSync } from "node:fs";
import { onTestFinished } from "vitest";
import { runAgent } from "../../../src/agent/main.ts";
import { bundleOf, makeRelease, makeUpdatableDevice, updatableHost } from "./updatable-device.ts";

/** A release that can be installed over the device's own, 1.0.0. */
export const next = makeRelease("1.1.0");
export const bundle = bundleOf(next.files);

type Files = Readonly<Record<string, string | Uint8Array>>;

/** With that release's bundle at /bundle.tar. */
export function device(files: Files = {}): string {
  return bareDevice({ "/bundle.tar": bundle, ...files });
}

/** With nothing to install. */
export function bareDevice(files: Files): string {
  const root = makeUpdatableDevice(files);
  onTestFinished(() => rmSync(root, { recursive: true }));
  return root;
}

export function agent(root: string, args: readonly string[], isHealthy?: () => boolean) {
  const host = updatableHost(root, {}, isHealthy);
  const code = runAgent(host, args, "1.0.0");
  return { code, said: host.printed.join("\n"), calls: host.calls };
}
