// Routes of version 2, and where any route may lead. Pure.
import * as v from "valibot";
import { formatNetwork, parseIp, parseNetwork } from "../../network/addresses.ts";
import type { PlannedRoute } from "../../network/plan.ts";
import { quoted } from "../problems.ts";
import { ignored, refused } from "../schema/key-notes.ts";
import { listOf, mapping, maybe } from "../schema/kinds.ts";
import { complaining, described, flag, ip, metric, withLength } from "./values.ts";

const OWN = "the kernel's own counts";

const route = () =>
  mapping({
    to: described(
      v.pipe(v.string('a network, such as 10.0.0.0/8, or "default"'), complaining(destinationComplaint)),
      'A network such as 10.0.0.0/8, one address, or "default".',
    ),
    via: described(maybe(ip), "The gateway; without one, what it leads to is on the cable."),
    metric: described(maybe(metric), "The lowest of several routes to one network counts."),
    "on-link": described(maybe(flag), "The gateway is on the cable, though no address's network has it."),
    type: described(maybe(v.literal("unicast", '"unicast"')), "unicast."),
    table: refused("other routing tables aren't supported"),
    from: ignored("the kernel chooses the source address"),
    scope: ignored("the kernel chooses it: with a gateway all, else the link"),
    mtu: ignored("the link's MTU counts"),
    "congestion-window": ignored(OWN),
    "advertised-receive-window": ignored(OWN),
    "advertised-mss": ignored(OWN),
  });

export const routes = () => listOf(route(), "a list of routes");

export type Route = v.InferOutput<ReturnType<typeof route>>;

export function planRoute({ to, via, metric: said, "on-link": onLink }: Route): PlannedRoute {
  return {
    to: destinationOf(to, via),
    ...(via != null && { via }),
    ...(said != null && { metric: said }),
    onLink: onLink ?? false,
  };
}

/** As the kernel takes it, of a text without a complaint. */
export function destinationOf(written: string, via?: string | null): string {
  const text = withLength(written);
  if (text === "default") return via != null && parseIp(via)?.family === 6 ? "::/0" : "0.0.0.0/0";
  const ip = parseIp(text);
  if (ip !== undefined) return `${text}/${ip.bytes.length * 8}`;
  const network = parseNetwork(text);
  return network === undefined ? text : formatNetwork(network);
}

/** "default", a network, or one address. Bits behind the network's length don't count. */
export function destinationComplaint(text: string): string | undefined {
  if (text === "default" || parseIp(text) !== undefined || parseNetwork(withLength(text)) !== undefined)
    return undefined;
  return `${quoted(text)} is no network, such as 10.0.0.0/8, nor "default"`;
}
