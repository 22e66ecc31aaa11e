// Takes back what was set up, to set up something else in the same boot. Pure.
import type { FoundLink } from "./found.ts";
import { renameCommands } from "./names.ts";
import { networkPlaces } from "./records.ts";
import { run, type Step } from "./steps.ts";

/** `before`: the cards as the kernel left them; `now`: as they are; `made`: links that were made, in their order. */
export function planReset(
  before: readonly FoundLink[],
  now: readonly FoundLink[],
  made: readonly string[],
): Step[] {
  const pairs = before.flatMap((card) => {
    const same = now.find(({ index }) => index === card.index);
    return same === undefined ? [] : { card, same };
  });
  const renames = pairs.flatMap(({ card, same }) =>
    card.name === same.name ? [] : { from: same.name, to: card.name },
  );
  return [
    run([networkPlaces.linksScript, "stop"]),
    ...[...made].reverse().map((name) => run(["ip", "link", "del", name])),
    ...pairs.flatMap(({ card, same: { name, macAddress, mtu } }) => [
      run(["ip", "addr", "flush", "dev", name]),
      run(["ip", "link", "set", name, "down"]),
      ...(macAddress === card.macAddress
        ? []
        : [run(["ip", "link", "set", name, "address", card.macAddress])]),
      ...(mtu === card.mtu ? [] : [run(["ip", "link", "set", name, "mtu", String(card.mtu)])]),
    ]),
    ...renameCommands(renames).map(run),
    ...pairs.map(({ card }) => run(["ip", "link", "set", card.name, "up"])),
  ];
}
