// The engine is Go, and its settings are there: what this table says of them must be what it says.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../../../lib/paths.ts";
import { absentSettings, engineSettings, switchNames } from "./engine-settings.ts";

const source = readFileSync(join(repository, "engine/config/settings.go"), "utf8");
const [present = "", absent = ""] = source.split("var absentSettings");
const written = present
  .split(/\n\t\{\n/)
  .slice(1)
  .map((entry) => ({
    key: /^\t\tkey: "([^"]*)"/m.exec(entry)?.[1],
    flag: /\bflag: "([^"]*)"/.exec(entry)?.[1],
    isSwitch: /field: truth\(/.test(entry),
  }))
  .filter(({ key }) => key !== undefined);

test("each key of the engine's file is known, with its flag", () => {
  const known = engineSettings().map(({ key, flag }) => ({ key, flag }));
  expect(known).toEqual(written.map(({ key, flag }) => ({ key, flag })));
});

test("a flag is a switch here when it is one there", () => {
  const switches = written.flatMap(({ flag, isSwitch }) => (isSwitch && flag !== undefined ? [flag] : []));
  expect(switchNames()).toEqual(switches);
});

test("each key that the engine only knows is known", () => {
  const keys = [...absent.matchAll(/absent\("([^"]*)"/g)].map(([, key]) => key);
  expect(absentSettings().map(({ key }) => key)).toEqual(keys);
});
