// What a node's configuration makes the device do, as data. decide.ts makes it (pure), apply.ts carries it out through
// Host, `kubesolo-os config explain` prints it.
import type { NetworkPlan } from "../network/plan.ts";

/** How often something is done: `once` in the life of this configuration's instance-id, or at each boot. */
export type Frequency = "once" | "each-boot";

/** When: in the stages, before there is a network; or when a link has an address (or a limit has passed). */
export type Moment = "boot" | "online";

export type Action =
  | { readonly do: "set-hostname"; readonly name: string; readonly fqdn?: string }
  | { readonly do: "set-timezone"; readonly zone: string }
  | {
      readonly do: "write-file";
      readonly moment: Moment;
      readonly frequency: Frequency;
      readonly path: string;
      readonly content: Content;
      readonly mode: number;
      /** "root:root", as cloud-init writes it; names are looked up in /etc/passwd and /etc/group. */
      readonly owner?: string;
      readonly append: boolean;
      /** Never printed. */
      readonly isSecret: boolean;
    }
  | {
      readonly do: "run";
      readonly moment: Moment;
      readonly frequency: Frequency;
      /** A list is a program with its arguments; a string is a script for sh, of one or more lines. */
      readonly command: readonly string[] | string;
      /** Where the user wrote it, such as "runcmd". */
      readonly origin: string;
    }
  | { readonly do: "set-time-servers"; readonly servers: readonly string[]; readonly isEnabled: boolean }
  | { readonly do: "trust-authorities"; readonly pem: readonly string[]; readonly removeDefaults: boolean }
  /** Users, keys and passwords, kept for when an image has SSH or a console login. */
  | { readonly do: "keep-accounts"; readonly accounts: readonly Account[] }
  | { readonly do: "set-swap"; readonly sizeBytes: number; readonly file?: string }
  /** /etc/kubesolo/config.yaml as a value: the engine's own file format. */
  | {
      readonly do: "configure-engine";
      readonly config: Readonly<Record<string, unknown>>;
      readonly flags: string;
    }
  /** Authorities whose certificates the API server takes from people, in PEM. */
  | { readonly do: "trust-clients"; readonly pem: string }
  /** Kubernetes' AuthenticationConfiguration. */
  | { readonly do: "set-authentication"; readonly authentication: Readonly<Record<string, unknown>> }
  | { readonly do: "set-node-labels"; readonly labels: Readonly<Record<string, string>> }
  | { readonly do: "set-registries"; readonly registries: readonly Registry[] }
  /** Archives that the engine loads before Ready; paths on the device, or a file on the configuration's own volume. */
  | { readonly do: "load-images"; readonly archives: readonly string[] }
  /** Applied once the API is up; applied again when changed; what is no longer there is removed. */
  | { readonly do: "set-manifests"; readonly manifests: readonly Manifest[] }
  | { readonly do: "set-updates"; readonly updates: Readonly<Record<string, unknown>> }
  /** Has an effect where the system was started from its ISO. */
  | { readonly do: "set-install"; readonly wish: InstallWish }
  | { readonly do: "set-probes"; readonly probes: Readonly<Record<string, unknown>> };

/** Where the system is to be installed, and what may be lost by it. */
export interface InstallWish {
  /** Its name or path, its serial number or WWN ("*" for any letters); absent: the only one that fits. */
  readonly disk?: string;
  readonly minSizeBytes?: number;
  /** Whether what is on it may go. */
  readonly isErased: boolean;
  readonly end: "reboot" | "poweroff";
}

export type Content =
  | { readonly encoding: "text"; readonly text: string }
  | { readonly encoding: "base64"; readonly text: string; readonly isGzip: boolean };

export interface Account {
  readonly name: string;
  readonly authorizedKeys: readonly string[];
  /** crypt(3) hash; absent with the next: locked. */
  readonly passwordHash?: string;
  /** A password as it was written, instead of a hash: never kept and never told; the device hashes it first. */
  readonly plainPassword?: string;
  readonly groups: readonly string[];
  readonly shell?: string;
}

/** One of containerd's registry hosts: becomes certs.d/HOST/hosts.toml. */
export interface Registry {
  /** "docker.io", "registry.example:5000", or "_default". */
  readonly host: string;
  readonly mirrors: readonly RegistryMirror[];
}

export interface RegistryMirror {
  readonly url: string;
  readonly caPem?: string;
  readonly skipVerify: boolean;
  readonly username?: string;
  readonly password?: string;
  readonly overridePath: boolean;
}

export interface Manifest {
  /** Unique; names the file. */
  readonly name: string;
  /** YAML text, or where it lies on the device. */
  readonly source: { readonly text: string } | { readonly path: string };
}

/** All of a configuration, decided. */
export interface Decision {
  readonly instanceId: string;
  readonly network?: NetworkPlan;
  /** After so long a network that reaches nothing gives way to the one before; 0: never; absent: the agent's own limit. */
  readonly networkLimitSeconds?: number;
  readonly actions: readonly Action[];
}
