// The time zone: where /etc/localtime, by way of /run, leads to.
import type { Host } from "../../host.ts";
import { places } from "../../places.ts";

export function setTimezone(host: Host, zone: string): readonly string[] {
  const table = `${places.zones}/${zone}`;
  if (host.stat(table) === undefined) return [`timezone: ${zone}: this image doesn't have it`];
  if (host.stat(places.localTime) !== undefined) host.remove(places.localTime);
  host.makeSymlink(table, places.localTime);
  return [];
}
