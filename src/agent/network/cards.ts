// Looks at the machine's links, in /sys/class/net.
import { isHostFailure } from "../expected.ts";
import type { Host } from "../host.ts";
import type { FoundLink } from "./found.ts";

const root = "/sys/class/net";

/** Cards for cables; a radio has phy80211. */
export function readCards(host: Host): FoundLink[] {
  return host.list(root).flatMap((name) => {
    if (host.stat(`${root}/${name}/device`) === undefined) return [];
    if (host.stat(`${root}/${name}/phy80211`) !== undefined) return [];
    const driver = /^DRIVER=(.*)$/m.exec(readAttribute(host, name, "device/uevent"))?.[1] ?? "";
    return {
      name,
      driver,
      index: Number(readAttribute(host, name, "ifindex")),
      macAddress: readAttribute(host, name, "address"),
      mtu: Number(readAttribute(host, name, "mtu")),
    };
  });
}

/** The kernel says so only of a link that is up. */
export function hasCarrier(host: Host, name: string): boolean {
  return readAttribute(host, name, "carrier") === "1";
}

function readAttribute(host: Host, name: string, attribute: string): string {
  try {
    return host.readText(`${root}/${name}/${attribute}`, 4096).trim();
  } catch (error) {
    if (isHostFailure(error)) return ""; // the card was pulled out, or its link is down
    throw error;
  }
}
