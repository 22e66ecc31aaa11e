// Routes of version 1. Pure.
import type * as v from "valibot";
import { parseIp, parseNetmask } from "../../network/addresses.ts";
import type { PlannedRoute } from "../../network/plan.ts";
import { type Finding, type Path, quoted, warning } from "../problems.ts";
import { mapping, maybe, text } from "../schema/kinds.ts";
import { destinationComplaint, destinationOf } from "./v2-routes.ts";
import { complainingOfKey, described, ip, metric, netmask, withLength } from "./values.ts";

export const routeKeys = () => ({
  destination: described(
    maybe(text("a network, such as 10.0.0.0/8")),
    'A network such as 10.0.0.0/8, one address, or "default".',
  ),
  network: described(maybe(text("a network, such as 10.0.0.0/8")), "Another word for destination."),
  netmask: described(maybe(netmask), "Of a destination without a length: 255.0.0.0, or 8."),
  prefix: described(maybe(netmask), "Another word for netmask."),
  gateway: described(maybe(ip), "Through which it leads there."),
  metric: described(maybe(metric), "The lowest of several routes to one network counts."),
});

const routeMapping = () => mapping(routeKeys());
export type Route = v.InferOutput<ReturnType<typeof routeMapping>>;

/** Of what no key shows alone. */
export const complainingOfRoute = <T extends Route>() =>
  complainingOfKey<T>((route: Route) => {
    const read = readRoute(route);
    return "complaint" in read ? read.complaint : undefined;
  });

/** Of a route without a complaint. */
export function planRoute(route: Route): PlannedRoute {
  const { gateway: via, metric: said } = route;
  const read = readRoute(route);
  return {
    to: destinationOf("network" in read ? read.network : "", via),
    ...(via != null && { via }),
    ...(said != null && { metric: said }),
    onLink: false,
  };
}

/** Of what is right in itself, and means something else than one may think. */
export function checkRoute(route: Route, path: Path): Finding[] {
  const read = readRoute(route);
  const key = route.destination == null ? "network" : "destination";
  const [, length] = withLength(route[key] ?? "").split("/");
  const masks = (["prefix", "netmask"] as const).filter((each) => route[each] != null);
  const idle = masks.filter(
    (each) => length !== undefined && maskLength(route[each], route[key]) !== Number(length),
  );
  if (idle.length > 0)
    return idle.map((each) => warning([...path, each], `no effect: /${length} of ${key} counts`));
  if (!("guessed" in read) || read.guessed === undefined) return [];
  return [warning([...path, key], `no netmask: /${read.guessed} is taken, as cloud-init does`)];
}

function readRoute(
  route: Route,
):
  | { readonly network: string; readonly guessed?: number }
  | { readonly complaint: readonly [keyof Route, string] } {
  const key = route.destination == null && route.network != null ? "network" : "destination";
  if (route[key] == null) return { complaint: [key, "is missing"] };
  const written = withLength(route[key]);
  const mask = route.prefix ?? route.netmask;
  const address = parseIp(written);
  const length = address === undefined || mask == null ? undefined : parseNetmask(mask, address.family);
  if (address !== undefined && mask != null && length === undefined) {
    const wrong = route.prefix == null ? "netmask" : "prefix";
    return { complaint: [wrong, `${quoted(mask)} is no netmask for IPv${address.family}`] };
  }
  const isDefault = address?.bytes.every((byte) => byte === 0) === true && mask == null;
  const complaint = destinationComplaint(written);
  if (complaint !== undefined) return { complaint: [key, complaint] };
  if (address === undefined) return { network: written };
  const usual = address.family === 4 ? 24 : 64;
  return {
    network: `${written}/${isDefault ? 0 : (length ?? usual)}`,
    ...(length === undefined && !isDefault && { guessed: usual }),
  };
}

function maskLength(
  mask: string | number | null | undefined,
  network: string | null | undefined,
): number | undefined {
  return mask == null ? undefined : parseNetmask(mask, network?.includes(":") ? 6 : 4);
}
