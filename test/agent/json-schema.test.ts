// The published JSON Schema, held against what the node itself says: by a validator such as editors have.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { describe, expect, test } from "vitest";
import { plainValue } from "../../src/agent/cloud-init/located.ts";
import { parseCloudConfig, parseYaml } from "../../src/agent/cloud-init/parse.ts";
import { decodeSource } from "../../src/agent/cloud-init/source.ts";
import { nodeDecoder } from "../../src/image/baked/node-decoder.ts";
import { repository } from "../../src/lib/paths.ts";

const schema = JSON.parse(readFileSync(join(repository, "docs/node-config.schema.json"), "utf8"));
const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, strictRequired: false }).addSchema(
  schema,
  "node",
);
/** By the names of the files; meta-data has no schema. */
const schemas: Readonly<Record<string, ValidateFunction>> = {
  "user-data": ajv.compile({ $ref: "node" }),
  "vendor-data": ajv.compile({ $ref: "node" }),
  "network-config": ajv.compile({ $ref: "node#/$defs/network-config" }),
};

const cases = join(repository, "test/agent/cases");
const names = readdirSync(cases).sort();
const isGood = (name: string) => existsSync(join(cases, name, "expected.json"));

/** What is in the files that have a schema; undefined for what is no YAML. */
function readValues(folder: string): { name: string; value: unknown }[] {
  const found = Object.keys(schemas).filter((name) => existsSync(join(folder, name)));
  return found.map((name) => {
    const source = decodeSource(name, readFileSync(join(folder, name)), nodeDecoder);
    const parse = name === "network-config" ? parseYaml : parseCloudConfig;
    const root = "text" in source ? parse(source).root : undefined;
    return { name, value: root && plainValue(root) };
  });
}

/** Where the schema finds something wrong. */
function mistakesIn(folder: string): string[] {
  return readValues(folder).flatMap(({ name, value }) => {
    const check = schemas[name];
    if (check === undefined || value === undefined || check(value)) return [];
    return (check.errors ?? []).map(({ instancePath, message }) => `${name}${instancePath}: ${message}`);
  });
}

describe("the schema takes what the node takes", () => {
  test.each(names.filter(isGood))("%s", (name) => {
    expect(mistakesIn(join(cases, name))).toEqual([]);
  });

  const examples = join(repository, "examples");
  test.each(readdirSync(examples))("the example %s", (name) => {
    expect(mistakesIn(join(examples, name))).toEqual([]);
  });
});

// What is left is said by several keys together.
test("of the networks that the node refuses, these aren't refused by the schema", async () => {
  const bad = names
    .filter((name) => name.startsWith("network-") && !isGood(name))
    .filter((name) => readValues(join(cases, name)).every(({ value }) => value !== undefined));
  const taken = bad.filter((name) => mistakesIn(join(cases, name)).length === 0);
  const golden = join(repository, "test/golden/networks-no-schema-refuses.txt");
  await expect(`${taken.join("\n")}\n`).toMatchFileSnapshot(golden);
});

describe("a mistake in a network is found where it is", () => {
  const link = (text: string) => `network: {version: 2, ethernets: {eth0: {${text}}}}`;
  const first = (text: string) => `network: {version: 1, config: [{${text}}]}`;
  test.each([
    [link("dhcp4: perhaps"), "/network/ethernets/eth0/dhcp4"],
    [link("addresses: [10.0.0.9]"), "/network/ethernets/eth0/addresses/0"],
    [link("gateway4: 'fd00::1'"), "/network/ethernets/eth0/gateway4"],
    [link("mtu: 12"), "/network/ethernets/eth0/mtu"],
    [link("match: {macaddress: nonsense}"), "/network/ethernets/eth0/match/macaddress"],
    [link("set-name: the-interface-to-the-outside"), "/network/ethernets/eth0/set-name"],
    [link("auth: {}"), "/network/ethernets/eth0/auth"],
    [link("routes: [{via: 10.0.0.1}]"), "/network/ethernets/eth0/routes/0"],
    ["network: {version: 2, vrfs: {blue: {}}}", "/network/vrfs"],
    ["network: {version: 2, bonds: {b: {parameters: {mode: quick}}}}", "/network/bonds/b/parameters/mode"],
    ["network: {version: 2, vlans: {a-very-long-name: {id: 1, link: e}}}", "/network/vlans"],
    ["network: {version: 2, vlans: {v: {id: 4095, link: e}}}", "/network/vlans/v/id"],
    [first("type: physical"), "/network/config/0"],
    [first("type: infiniband, name: ib0"), "/network/config/0/type"],
    [first("type: physical, name: e, subnets: [{type: dchp}]"), "/network/config/0/subnets/0/type"],
    [first("type: vlan, name: v, vlan_id: 0, vlan_link: e"), "/network/config/0/vlan_id"],
    [first("type: bond, name: b, params: {bond-mode: quick}"), "/network/config/0/params/bond-mode"],
    ["network: {version: 3}", "/network/version"],
  ])("%s", (text, path) => {
    const { root } = parseYaml({ file: "user-data", text });
    const check = ajv.compile({ $ref: "node" });
    expect(check(root && plainValue(root))).toBe(false);
    expect(check.errors?.map(({ instancePath }) => instancePath)).toContain(path);
  });
});
