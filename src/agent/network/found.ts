// The links that a machine has, and which of them a plan means. Pure.
import { type LinkMatch, MAX_PATTERN, type NetworkPlan, type PlannedLink } from "./plan.ts";

/** A card for a cable. */
export interface FoundLink {
  /** The kernel's name of it, now. */
  readonly name: string;
  /** The kernel's number of it, which stays. */
  readonly index: number;
  readonly macAddress: string;
  readonly mtu: number;
  readonly driver: string;
}

export interface Assignment {
  /** Of physical links: a link's id and the cards that it stands for. */
  readonly cards: ReadonlyMap<string, readonly FoundLink[]>;
  readonly messages: readonly string[];
}

/** Each card goes to one link: to the one that says most exactly which it means. */
export function assignCards(plan: NetworkPlan, found: readonly FoundLink[]): Assignment {
  const cards = new Map<string, readonly FoundLink[]>();
  const messages: string[] = [];
  const physical = plan.links.flatMap((link) =>
    link.kind.type === "physical" ? { link, kind: link.kind } : [],
  );
  for (const { link, kind } of [...physical].sort(
    (a, b) => vagueness(a.kind.match) - vagueness(b.kind.match),
  )) {
    const taken = [...cards.values()].flat();
    const free = found.filter((each) => !taken.includes(each) && fits(each, kind.match));
    const isOne = kind.setName !== undefined;
    if (isOne && free.length > 1)
      messages.push(
        `${free.length} links fit "${link.id}", and one can be ${kind.setName}: ${free[0]?.name} is`,
      );
    cards.set(link.id, isOne ? free.slice(0, 1) : free);
    if (free.length === 0) messages.push(missing(link, kind.match, found));
  }
  return { cards, messages };
}

function missing({ id }: PlannedLink, match: LinkMatch, found: readonly FoundLink[]): string {
  const wanted = [match.macAddress, match.name, match.driver].filter((each) => each !== undefined).join(", ");
  const there = found.map(({ name, macAddress, driver }) => `${name} ${macAddress} (${driver})`).join(", ");
  return `no link fits "${id}"${wanted === "" || wanted === id ? "" : ` (${wanted})`}; there is ${there || "none"}`;
}

function vagueness({ macAddress, name, driver }: LinkMatch): number {
  if (macAddress !== undefined) return 0;
  if (name !== undefined) return /[*?[]/.test(name) ? 2 : 1;
  return driver === undefined ? 4 : 3;
}

function fits(link: FoundLink, { macAddress, name, driver }: LinkMatch): boolean {
  return (
    (macAddress === undefined || macAddress === link.macAddress) &&
    (name === undefined || isLike(link.name, name)) &&
    (driver === undefined || driver.split(" ").some((each) => isLike(link.driver, each)))
  );
}

/** A shell's pattern: *, ? and [a-z]. Several stars in a row are one, or the row takes forever. */
export function isLike(text: string, pattern: string): boolean {
  if (pattern.length > MAX_PATTERN) return false;
  const parts = pattern.replace(/\*+/g, "*").match(/\*|\?|\[!?[^\]]{1,64}\]|[\s\S]/g) ?? [];
  const source = parts.map((part) => {
    if (part === "*") return ".*";
    if (part === "?") return ".";
    if (/^\[.+\]$/.test(part)) return part.replace(/\\/g, "\\\\").replace(/^\[!/, "[^");
    return part.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
  });
  try {
    return new RegExp(`^${source.join("")}$`).test(text);
  } catch {
    return text === pattern; // "[z-a]" is no pattern
  }
}
