// timezone: by the names that the image has, or had once. Pure.
import * as v from "valibot";
import { once } from "../../once.ts";
import { nearest } from "../nearest.ts";
import { OLD_NAMES, ZONES } from "./zones.ts";

const ZONE = "a time zone such as Europe/Berlin";

export const timezone = once(() =>
  v.pipe(
    v.string(ZONE),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed || currentName(dataset.value) !== undefined) return;
      const name = likeliestZone(dataset.value);
      const hint =
        name === undefined ? "it is an area and a city, such as Europe/Berlin" : `did you mean "${name}"?`;
      addIssue({ message: `there is no time zone ${JSON.stringify(dataset.value.slice(0, 64))}; ${hint}` });
    }),
    v.transform((name) => currentName(name) ?? name),
  ),
);

/** What a name stands for today; undefined for what is none. */
export function currentName(name: string): string | undefined {
  const [area = "", ...city] = name.split("/");
  const cities = Object.hasOwn(ZONES, area) ? ZONES[area]?.split(" ") : undefined;
  if (cities?.includes(city.join("/"))) return name;
  return Object.entries(OLD_NAMES).find(([, old]) => old.split(" ").includes(name))?.[0];
}

/** A city alone is a zone's, too, to people. */
export function likeliestZone(text: string): string | undefined {
  const names = [
    ...Object.entries(ZONES).flatMap(([area, cities]) =>
      cities.split(" ").map((city) => (city === "" ? area : `${area}/${city}`)),
    ),
    ...Object.values(OLD_NAMES).flatMap((old) => old.split(" ")),
  ];
  const city = text.trim().replaceAll(" ", "_").toLowerCase();
  return names.find((name) => name.toLowerCase().endsWith(`/${city}`)) ?? nearest(text.trim(), names);
}
