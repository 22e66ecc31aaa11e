// The network that a configuration asks for, whether it was written as version 1 or 2: one shape, checked and complete.

export interface NetworkPlan {
  /** In the order in which they can be made: a link comes after those it is made of. The first one's default route wins. */
  readonly links: readonly PlannedLink[];
  /** For all links. */
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
}

export interface PlannedLink {
  /** What the user calls it; for a physical link with `match`, not the kernel's name. */
  readonly id: string;
  readonly kind: LinkKind;
  readonly mtu?: number;
  /** Lower case; set on the link. */
  readonly macAddress?: string;
  readonly dhcp4: boolean;
  readonly dhcp: {
    readonly useRoutes: boolean;
    readonly useDns: boolean;
    /** Of the search domains and time servers that it tells; true when absent. */
    readonly useDomains?: boolean;
    readonly useNtp?: boolean;
    readonly metric?: number;
  };
  /** Whether an IPv6 address is taken from routers; a kernel that forwards doesn't by itself. */
  readonly acceptRa?: boolean;
  /** "10.0.0.9/24" or "fd00::9/64". */
  readonly addresses: readonly string[];
  readonly routes: readonly PlannedRoute[];
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
  /** A boot needn't wait for it. */
  readonly isOptional: boolean;
}

export type LinkKind =
  | { readonly type: "physical"; readonly match: LinkMatch; readonly setName?: string }
  | { readonly type: "vlan"; readonly parent: string; readonly vlanId: number }
  | {
      readonly type: "bond";
      readonly members: readonly string[];
      /** As the kernel's sysfs has them: "mode", "miimon", "lacp_rate", … */
      readonly parameters: Readonly<Record<string, string>>;
    }
  | {
      readonly type: "bridge";
      readonly members: readonly string[];
      readonly parameters: Readonly<Record<string, string>>;
    };

/** Characters of a pattern; a link's name has 15, a driver's some more. */
export const MAX_PATTERN = 256;

/**
 * All that are there must fit; without any, every wired link does. Shell patterns in name and driver; of several drivers
 * (words), one must fit.
 */
export interface LinkMatch {
  readonly macAddress?: string;
  readonly name?: string;
  readonly driver?: string;
}

export interface PlannedRoute {
  /** "0.0.0.0/0" for the default. */
  readonly to: string;
  readonly via?: string;
  readonly metric?: number;
  readonly onLink: boolean;
}
