// The network and the clock.
import type { Cause } from "./cause.ts";

export const networkCauses: readonly Cause[] = [
  {
    name: "networks-overlap",
    says: "the site's network is also the cluster's: nothing in that part of it can be reached",
    do: "set another pod or Service network: docs/engine-configuration.md",
    signs: [
      { part: "engine.txt", line: /the network \S+ of \S+ overlaps/ },
      { part: "nodes.txt", line: /^\s+NetworkOverlap\s+True/ },
    ],
  },
  {
    name: "network-given-up",
    says: "the network's configuration didn't work, and another one counts instead",
    do: "mend network in the node's configuration; the line says what nobody answered",
    signs: [
      {
        part: "system.log",
        line: /the network's configuration (?:doesn't work|failed)/,
        over: /the network's configuration works/,
      },
      { part: "configuration.txt", line: /the network's configuration failed/ },
    ],
  },
  {
    name: "no-card",
    says: "no wired network card was found, or its driver is missing",
    do: "plug one in that Linux knows; kernel.log tells which were found",
    signs: [{ part: "system.log", line: /50-network: no wired network link/ }],
  },
  {
    name: "no-address",
    says: "the machine has no address: no cable, or no DHCP server answers",
    do: "plug a cable in, look at the DHCP server, or configure addresses: docs/node-network.md",
    signs: [
      { part: "status.txt", line: /^ {2}addresses +none yet/ },
      {
        part: "system.log",
        line: /no IPv4 address|has changed from \S+ to 10\.42\.0\.1/,
        over: /has changed from 10\.42\.0\.1 to/,
      },
    ],
  },
  {
    name: "clock-wrong",
    says: "the clock was wrong when the machine started, and may still be: TLS to others such as registries fails then",
    do: "let it reach a time server (ntp in the node's configuration), and replace the battery of its clock",
    signs: [
      {
        part: "system.log",
        line: /preflight: warning: the clock says|the clock says .*; setting it to|the clock was set back by/,
      },
      { part: "events.txt", line: /certificate has expired or is not yet valid/ },
    ],
  },
  {
    name: "no-time-server",
    says: "no time server answers",
    do: "name one that the machine reaches: ntp in the node's configuration, or DHCP's option 42",
    signs: [
      {
        part: "clock.txt",
        line: /no reply (?:from|received)|clock is now unsynced|DNS lookup .*failed|no servers/,
        over: /clock is now synced|is now valid/,
      },
    ],
  },
];
