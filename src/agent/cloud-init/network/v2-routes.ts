// Routes of version 2. Pure.
import * as v from "valibot";
import { formatNetwork, parseIp, parseNetwork } from "../../network/addresses.ts";
import type { PlannedRoute } from "../../network/plan.ts";
import { error, type Finding, type Path } from "../problems.ts";
import type { Placed } from "./draft.ts";
import { unusedOfRoutes } from "./refusals.ts";
import { checkKeys, checkShape, itemsOf } from "./shape.ts";
import { Flag, IpText, Metric } from "./values.ts";

const Route = v.object({
  to: v.string(),
  via: v.nullish(IpText),
  metric: v.nullish(Metric),
  "on-link": v.nullish(Flag),
  type: v.nullish(v.literal("unicast")),
});

export function readRoutes(
  value: unknown,
  path: Path,
): { routes: Placed<PlannedRoute>[]; problems: Finding[] } {
  const { items, problems } = itemsOf(value, path);
  const routes: Placed<PlannedRoute>[] = [];
  for (const [item, place] of items) {
    const { value: route, problems: more } = checkShape(Route, item, place);
    problems.push(...more, ...checkKeys(item, Object.keys(Route.entries), unusedOfRoutes, place));
    if (route === undefined) continue;
    const to = destinationOf(route.to, route.via ?? undefined);
    if (typeof to !== "string") {
      problems.push(error([...place, "to"], to.complaint, to.hint));
      continue;
    }
    routes.push({
      path: place,
      value: {
        to,
        ...(route.via == null ? {} : { via: route.via }),
        ...(route.metric == null ? {} : { metric: route.metric }),
        onLink: route["on-link"] ?? false,
      },
    });
  }
  return { routes, problems };
}

/** "default", a network, or one address; the kernel takes no bits behind the network's length. */
export function destinationOf(text: string, via?: string): string | { complaint: string; hint?: string } {
  if (text === "default") return via !== undefined && parseIp(via)?.family === 6 ? "::/0" : "0.0.0.0/0";
  const ip = parseIp(text);
  if (ip !== undefined) return `${text}/${ip.bytes.length * 8}`;
  const network = parseNetwork(text);
  if (network === undefined)
    return { complaint: `"${text}" is no network, such as 10.0.0.0/8, nor "default"` };
  const whole = formatNetwork(network);
  if (
    whole ===
    formatNetwork({ ...network, length: network.ip.bytes.length * 8 }).replace(/\d+$/, String(network.length))
  )
    return whole;
  return {
    complaint: `"${text}" is an address in a network, not a network`,
    hint: `the network is ${whole}`,
  };
}
