// Addresses, name servers and what DHCP tells, in version 2. Pure.
import * as v from "valibot";
import { ignored, ignoredUnless } from "../schema/key-notes.ts";
import { listOf, mapping, maybe, named } from "../schema/kinds.ts";
import { address, described, domains, flag, ips, metric, withLength } from "./values.ts";

const ADDRESS = "an address with the length of its network, such as 10.0.0.9/24";
const NO_NAME = "the DHCP client tells no name";

/** "10.0.0.9/24", or a mapping of one such text to its label and lifetime. */
export const addresses = () =>
  listOf(
    v.pipe(
      v.union(
        [
          address,
          v.pipe(
            named(
              address,
              maybe(
                mapping({
                  label: ignored("an address has no name"),
                  lifetime: ignored("an address stays"),
                }),
              ),
            ),
            v.check((value) => Object.keys(value).length === 1, ADDRESS),
            v.transform((value) => Object.keys(value)[0] as string),
          ),
        ],
        ADDRESS,
      ),
      v.transform(withLength),
    ),
    "a list of addresses",
  );

export const nameservers = () =>
  mapping({
    addresses: described(maybe(ips), "Their addresses."),
    search: described(maybe(domains), "Domains to look names up in that have no dot."),
  });

export const dhcpOverrides = () =>
  mapping({
    "use-routes": described(maybe(flag), "no: take no gateway and no routes."),
    "use-dns": described(maybe(flag), "no: take no name servers."),
    "use-ntp": described(maybe(flag), "no: take no time servers."),
    "use-domains": described(maybe(flag), "no: take no domains to search in."),
    "route-metric": described(maybe(metric), "The metric of its routes: the lowest counts."),
    "use-hostname": ignoredUnless(false, maybe(v.unknown()), "the name is the configuration's"),
    "use-mtu": ignoredUnless(false, maybe(v.unknown()), "give the link an mtu"),
    "send-hostname": ignoredUnless(false, maybe(v.unknown()), NO_NAME),
    hostname: ignored(NO_NAME),
  });
