// What the agent knows of time zones is what the image has: a workstation then gives the verdict of the device. UPDATE=1 writes it.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fetchPackages, readInputs, readLock, unpackGroup } from "../../src/image/debian/packages.ts";
import { timeZones, ZONES_FOLDER } from "../../src/image/timezones.ts";
import { sourcePath } from "../../src/lib/paths.ts";

const file = sourcePath("src/agent/cloud-init/schema/zones.ts");

test("the agent knows the image's time zones, and the names that they once had", async () => {
  await fetchPackages(readInputs(), readLock(), ["rootfs"]);
  const root = await unpackGroup(readLock(), "rootfs");
  const names = timeZones(root).map(([path]) => path.slice(ZONES_FOLDER.length + 1));
  const text = zonesModule(names.sort(), oldNames(join(root, ZONES_FOLDER, "tzdata.zi"), names));
  if (process.env["UPDATE"] === "1") writeFileSync(file, text);
  expect(readFileSync(file, "utf8")).toBe(text);
});

/** The source's links ("L Europe/London GB") from a name that the image hasn't to one that it has. */
function oldNames(source: string, names: readonly string[]): [name: string, old: string][] {
  const links = readFileSync(source, "utf8").matchAll(/^L (\S+) (\S+)$/gm);
  return [...links]
    .map(([, name = "", old = ""]): [string, string] => [name, old])
    .filter(([name, old]) => names.includes(name) && !names.includes(old))
    .sort();
}

function zonesModule(names: readonly string[], old: readonly (readonly [string, string])[]): string {
  const areas = [...new Set(names.map(areaOf))];
  const lines = areas.map((area) => {
    const cities = names.filter((name) => areaOf(name) === area).map((name) => name.slice(area.length + 1));
    return `  ${area}: "${cities.join(" ")}",\n`;
  });
  const groups = [...new Set(old.map(([name]) => name))].map((name) => {
    const once = old.filter(([now]) => now === name).map(([, each]) => each);
    return `  ${name.includes("/") ? `"${name}"` : name}: "${once.join(" ")}",\n`;
  });
  return `// Debian's time zones, as test/factory/timezones.test.ts writes them; not changed by hand.

/** What follows the area's name and a slash; nothing: the name is all. */
export const ZONES: Readonly<Record<string, string>> = {
${lines.join("")}};

/** What a zone was called once, and many still call it. */
export const OLD_NAMES: Readonly<Record<string, string>> = {
${groups.join("")}};
`;
}

function areaOf(name: string): string {
  return name.split("/")[0] ?? "";
}
