// The time zone. The system has no table of zones unless an image brings one: its clock and logs are UTC's then.
import type { Host } from "../host.ts";
import { places } from "../places.ts";

const UTC = /^(Etc\/)?(UTC|UCT|Universal|Zulu|GMT|Greenwich)$/;

/** /etc/localtime leads to this link. */
const LOCAL_TIME = "/run/localtime";

export function setTimezone(host: Host, zone: string): readonly string[] {
  if (host.stat(`${places.zones}/${zone}`) !== undefined) {
    if (host.stat(LOCAL_TIME) !== undefined) host.remove(LOCAL_TIME);
    host.makeSymlink(`${places.zones}/${zone}`, LOCAL_TIME);
    return [];
  }
  return UTC.test(zone)
    ? []
    : [`timezone: ${zone}: this image has no table of time zones; clock and logs are in UTC`];
}
