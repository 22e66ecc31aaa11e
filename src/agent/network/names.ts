// New names for cards, when others have those names already. Pure.
import type { FoundLink } from "./found.ts";

export interface Renaming {
  readonly from: string;
  readonly to: string;
}

/** Whoever has a name that another gets takes one that got free. */
export function planRenames(wanted: ReadonlyMap<FoundLink, string>, found: readonly FoundLink[]): Renaming[] {
  const given = new Set(wanted.values());
  const free = [...wanted].flatMap(([{ name }, to]) => (name === to || given.has(name) ? [] : name));
  return found.flatMap((link) => {
    const to = wanted.get(link) ?? (given.has(link.name) ? free.shift() : undefined);
    return to === undefined || to === link.name ? [] : { from: link.name, to };
  });
}

/** The commands; a link that is up keeps its name. By a name that nobody has, when two change theirs. */
export function renameCommands(renames: readonly Renaming[]): string[][] {
  const isCrossed = renames.some(({ to }) => renames.some(({ from }) => from === to));
  const rename = (from: string, to: string) => [
    ["ip", "link", "set", from, "down"],
    ["ip", "link", "set", from, "name", to],
  ];
  if (!isCrossed) return renames.flatMap(({ from, to }) => rename(from, to));
  return [
    ...renames.flatMap(({ from }, i) => rename(from, `rename${i}`)),
    ...renames.flatMap(({ to }, i) => rename(`rename${i}`, to)),
  ];
}
