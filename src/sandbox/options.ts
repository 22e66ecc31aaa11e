// What a sandbox is made of. A schema, because a running sandbox keeps its options in sandbox.json.
import * as v from "valibot";
import { UserError } from "../lib/errors.ts";

export const SandboxOptionsSchema = v.object({
  /** Host path, absolute, on a real disk: holds the node's state, the logs and the scripts to get in. */
  directory: v.string(),
  /** Host path of the folder that buildEngine made. */
  engine: v.string(),
  /** Host paths of OCI archives that the node finds as the system's own; the pause image must be among them. */
  images: v.array(v.string()),
  /** Flags of the engine besides `--path`. */
  flags: v.array(v.string()),
  /** Added to the engine's environment. */
  environment: v.record(v.string(), v.string()),
  /** The node's name and its host name. */
  name: v.string(),
});

export type SandboxOptions = v.InferOutput<typeof SandboxOptionsSchema>;

/** Kubernetes takes no other names for nodes (RFC 1123), and says so late. */
export function checkNodeName(name: string): void {
  if (/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name)) return;
  throw new UserError(`"${name}" is no name for a node`, {
    hint: "use lower-case letters, digits and, between them, hyphens",
  });
}

/** What is in a sandbox's directory. */
export const sandboxFiles = {
  /** Given to the engine as --path. */
  state: "state",
  /** Helper programs and system images, as under /usr/lib/kubesolo-os on the device. */
  library: "library",
  /** All that the engine has printed, over all starts. */
  engineLog: "engine.log",
  bootLog: "boot.log",
  /** Scripts that run their arguments: in the sandbox, in the network outside of it, and kubectl. */
  enter: "enter",
  outside: "outside",
  kubectl: "kubectl",
  exitCode: "engine.exit",
  booted: "booted",
  record: "sandbox.json",
} as const;

/** Addresses in the network between a node and the world outside it; the same for every sandbox. See boot.sh. */
export const nodeAddress = "10.88.0.2";
export const outsideAddress = "10.88.0.1";
