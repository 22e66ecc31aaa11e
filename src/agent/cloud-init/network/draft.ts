// What both versions are read into: links whose values are right, and where they were written, for the checks across links.

import type { LinkMatch, PlannedLink, PlannedRoute } from "../../network/plan.ts";
import type { Finding, Path } from "../problems.ts";

/** A value with the place where it was written. */
export interface Placed<T> {
  readonly value: T;
  readonly path: Path;
}

export interface Draft {
  readonly links: readonly DraftLink[];
  /** Ids of links that are too wrong to be here. */
  readonly unreadable: readonly string[];
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
  /** For whichever link has the gateway in its network. */
  readonly routes: readonly Placed<PlannedRoute>[];
  readonly problems: readonly Finding[];
}

export interface DraftLink
  extends Pick<PlannedLink, "id" | "mtu" | "macAddress" | "dhcp4" | "dhcp" | "acceptRa" | "isOptional"> {
  readonly path: Path;
  readonly kind: DraftKind;
  readonly addresses: readonly Placed<string>[];
  readonly routes: readonly Placed<PlannedRoute>[];
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
}

export type DraftKind =
  | { readonly type: "physical"; readonly match: LinkMatch; readonly setName?: string }
  | { readonly type: "vlan"; readonly parent: Placed<string>; readonly vlanId: number }
  | {
      readonly type: "bond" | "bridge";
      readonly members: readonly Placed<string>[];
      readonly parameters: Readonly<Record<string, string>>;
    };

export const defaultDhcp: PlannedLink["dhcp"] = { useRoutes: true, useDns: true };

/** The links that a link is made of. */
export function partsOf({ kind }: DraftLink): readonly Placed<string>[] {
  if (kind.type === "physical") return [];
  return kind.type === "vlan" ? [kind.parent] : kind.members;
}
