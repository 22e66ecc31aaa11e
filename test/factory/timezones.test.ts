// What the agent knows of time zones is what the image has: a workstation then gives the verdict of the device. UPDATE=1 writes it.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { prepareGroup } from "../../src/image/debian/packages.ts";
import { timeZones, ZONES_FOLDER } from "../../src/image/timezones.ts";
import { sourcePath } from "../../src/lib/paths.ts";
import { run } from "../../src/lib/run.ts";

const file = sourcePath("src/agent/cloud-init/schema/zones.ts");

test("the agent knows the image's time zones, and the names that they once had", async () => {
  const root = await prepareGroup("rootfs");
  const names = timeZones(root)
    .map(([path]) => path.slice(ZONES_FOLDER.length + 1))
    .sort();
  const old = oldNames(join(root, ZONES_FOLDER, "tzdata.zi"), names);
  const image = { zones: zonesOf(names), old: grouped(old) };
  if (process.env["UPDATE"] === "1") {
    writeFileSync(file, zonesModule(image));
    await run(["npx", "biome", "format", "--write", file]);
  }
  expect(await readZones()).toEqual(image);
});

interface Zones {
  readonly zones: Readonly<Record<string, string>>;
  readonly old: Readonly<Record<string, string>>;
}

async function readZones(): Promise<Zones> {
  const { ZONES, OLD_NAMES } = await import(file);
  return { zones: ZONES, old: OLD_NAMES };
}

/** The source's links ("L Europe/London GB") from a name that the image hasn't to one that it has. */
function oldNames(source: string, names: readonly string[]): [name: string, old: string][] {
  const links = readFileSync(source, "utf8").matchAll(/^L (\S+) (\S+)$/gm);
  return [...links]
    .map(([, name = "", old = ""]): [string, string] => [name, old])
    .filter(([name, old]) => names.includes(name) && !names.includes(old))
    .sort();
}

/** Area → what follows its name and a slash. */
function zonesOf(names: readonly string[]): Record<string, string> {
  const inArea = (area: string) => names.filter((name) => areaOf(name) === area);
  const cities = (area: string) => inArea(area).map((name) => name.slice(area.length + 1));
  return Object.fromEntries(names.map(areaOf).map((area) => [area, cities(area).join(" ")]));
}

/** Zone → the names that it once had. */
function grouped(old: readonly (readonly [string, string])[]): Record<string, string> {
  const once = (name: string) => old.filter(([now]) => now === name).map(([, each]) => each);
  return Object.fromEntries(old.map(([name]) => [name, once(name).join(" ")]));
}

function zonesModule({ zones, old }: Zones): string {
  return `// Debian's time zones, as test/factory/timezones.test.ts writes them; not changed by hand.

/** What follows the area's name and a slash; nothing: the name is all. */
export const ZONES: Readonly<Record<string, string>> = ${JSON.stringify(zones)};

/** What a zone was called once, and many still call it. */
export const OLD_NAMES: Readonly<Record<string, string>> = ${JSON.stringify(old)};
`;
}

function areaOf(name: string): string {
  return name.split("/")[0] ?? "";
}
