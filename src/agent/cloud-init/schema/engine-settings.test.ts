// The engine is Go, and its settings are there: what this table says of them must be what it says.
import * as v from "valibot";
import { expect, test } from "vitest";
import { type EngineSetting, engineContract } from "../../../../test/engine-contract.ts";
import { absentSettings, engineConfig, engineSettings, switchNames } from "./engine-settings.ts";

const inFile = engineContract.settings.filter(({ key }) => key !== "");

test("each key of the engine's file is known, with its flag", () => {
  const known = engineSettings().map(({ key, flag = "" }) => ({ key, flag }));
  expect(known).toEqual(inFile.map(({ key, flag }) => ({ key, flag })));
});

test("a flag is a switch here when it is one there", () => {
  const switches = inFile.filter(({ flag, shape }) => flag !== "" && shape === "switch");
  expect(switchNames()).toEqual(switches.map(({ flag }) => flag));
});

test("each key that the engine only knows is known", () => {
  expect(absentSettings().map(({ key }) => key)).toEqual(engineContract.absent.map(({ key }) => key));
});

test("what the engine takes when a key is missing may be written down", () => {
  const withDefault = [...inFile, ...engineContract.absent].filter((setting) => setting.default !== "");
  const refused = withDefault.filter((setting) => {
    const known = [...engineSettings(), ...absentSettings()].find(({ key }) => key === setting.key);
    return !v.is(known?.value ?? v.never(), defaultOf(setting));
  });
  expect(refused.map(({ key }) => key)).toEqual([]);
});

test("what upstream's tools write for nothing is taken, and something isn't", () => {
  const etcd = (endpoints: unknown) => ({ storage: { etcd: { endpoints, caFile: "" } } });
  expect(v.is(engineConfig(), etcd([]))).toBe(true);
  expect(v.is(engineConfig(), etcd(null))).toBe(true);
  expect(v.is(engineConfig(), etcd(["https://10.0.0.1:2379"]))).toBe(false);
  expect(v.is(engineConfig(), { kubernetes: { bootstrapToken: "" } })).toBe(true);
  expect(v.is(engineConfig(), { kubernetes: { bootstrapToken: "abcdef.0123" } })).toBe(false);
});

test("the file calls itself what the engine calls it", () => {
  const { apiVersion, kind } = engineContract;
  expect(v.is(engineConfig(), { apiVersion, kind })).toBe(true);
});

/** As YAML has it. */
function defaultOf({ default: text }: EngineSetting): unknown {
  return /^(?:true|false|\d+)$/.test(text) ? JSON.parse(text) : text;
}
