// Configurations that a generator makes, for cloud-init and for the agent to read.
import type { Random } from "../../src/lib/random.ts";

export interface Asked {
  readonly kind: "user" | "network";
  readonly text: string;
}

export function makeAsked(generator: Random): Asked {
  const make = generator.pick([makeUser, makeUser, makeVersion1, makeVersion2]);
  return make(generator);
}

type Value = unknown;
const some = <T>({ number }: Random, most: number, make: () => T): T[] =>
  Array.from({ length: number(most + 1) }, make);
const maybe = (generator: Random, key: string, make: () => Value): Record<string, Value> =>
  generator.number(2) === 0 ? { [key]: make() } : {};

function makeUser(generator: Random): Asked {
  const { pick } = generator;
  const name = () => pick(["alice", "bob", "carol", "kubesolo", "default"]);
  const groups = () =>
    pick<Value>([
      "adm",
      "adm,sudo",
      "adm, docker",
      ["adm"],
      ["adm", "dialout, plugdev"],
      ["sudo", "sudo"],
      [],
    ]);
  const user = () => ({
    name: name(),
    ...maybe(generator, "groups", groups),
    ...maybe(generator, "shell", () => pick(["/bin/sh", "/bin/false"])),
    ...maybe(generator, pick(["lock-passwd", "lock_passwd"]), () => pick([true, false])),
  });
  const users = (): Value =>
    pick([
      () => some(generator, 4, () => pick<() => Value>([name, user, user, () => "bob,carol"])()),
      () => "alice,bob",
      () => ({ [name()]: { shell: "/bin/sh" }, bob: true, carol: false }),
    ])();
  const words = [
    "echo",
    "a b",
    "it's",
    "0644",
    "1.0",
    "2.50",
    "true",
    "1_000",
    "0x1f",
    "017",
    "1e3",
    "-7",
    "1:30",
  ];
  const argument = () => pick([...words.slice(0, 3).map((word) => JSON.stringify(word)), ...words.slice(3)]);
  const command = () =>
    pick([
      () => `[${["echo", ...some(generator, 4, argument)].join(", ")}]`,
      () => JSON.stringify(pick(["cd /run", "echo $HOME", "a=1; echo 'x'", "true && false"])),
    ])();
  const file = () => ({
    path: `/run/${pick(["a", "b", "c/d"])}`,
    content: pick(["", "text\n", "ä", "a\nb"]),
    ...maybe(generator, "permissions", () => pick(["0644", "0600", "755", 420, 493])),
  });
  const json = {
    users: users(),
    ...maybe(generator, "user", () => pick<Value>(["dave", { name: "dave", groups: "x" }])),
  };
  const lines = [
    ...Object.entries(json).map(([key, value]) => `${key}: ${JSON.stringify(value)}`),
    `runcmd: [${some(generator, 4, command).join(", ")}]`,
    `write_files: ${JSON.stringify(some(generator, 3, file))}`,
  ];
  return { kind: "user", text: `${lines.join("\n")}\n` };
}

const METRICS = [0, 100, 4000];

function makeVersion1(generator: Random): Asked {
  const { pick, number } = generator;
  const address = (id: number) => {
    const host = `10.${id}.${number(4)}.${5 + number(200)}`;
    return pick<Record<string, Value>>([
      { address: `${host}/24` },
      { address: `${host}/255.255.0.0` },
      { address: host },
      { address: host, netmask: "255.255.240.0" },
      { address: host, prefix: 28 },
      { address: host, netmask: "255.255.0.0", prefix: 27 },
      { address: `${host}/26`, netmask: "255.0.0.0" },
    ]);
  };
  const route = (id: number) => ({
    [pick(["network", "destination"])]: `172.16.${number(9)}.0`,
    ...pick<Record<string, Value>>([
      {},
      { netmask: "255.255.255.0" },
      { prefix: 25 },
      { netmask: "255.255.0.0", prefix: 24 },
    ]),
    gateway: `10.${id}.0.1`,
    ...maybe(generator, "metric", () => pick(METRICS.slice(1))),
  });
  const subnet = (id: number) =>
    pick<() => Record<string, Value>>([
      () => ({ type: pick(["dhcp", "dhcp4"]) }),
      () => ({ type: "manual" }),
      () => ({
        type: "static",
        ...address(id),
        ...maybe(generator, "gateway", () => `10.${id}.0.1`),
        ...maybe(generator, "mtu", () => pick([1280, 1400])),
        ...maybe(generator, "routes", () => some(generator, 2, () => route(id))),
      }),
      () => ({
        type: pick(["static6", "static"]),
        ...pick<Record<string, Value>>([
          { address: `fd00:${id}::${5 + number(9)}/64` },
          { address: `fd00:${id}::${5 + number(9)}` },
        ]),
        ...maybe(generator, "mtu", () => pick([1280, 1400])),
      }),
    ])();
  const links = Array.from({ length: 1 + number(3) }, (_, id) => ({
    type: "physical",
    name: `eth${id}`,
    ...maybe(generator, "mtu", () => pick([1500, 9000])),
    subnets: some(generator, 2, () => subnet(id)),
  }));
  const bond = {
    type: "bond",
    name: "bond0",
    bond_interfaces: ["eth8", "eth9"],
    params: { "bond-mode": "active-backup" },
    subnets: [{ type: "dhcp" }],
  };
  const vlan = { type: "vlan", name: "v5", vlan_id: 5, vlan_link: "eth0", subnets: [{ type: "dhcp" }] };
  const config = [...links, ...pick([[], [bond], [vlan], [bond, vlan]])];
  return { kind: "network", text: JSON.stringify({ version: 1, config }) };
}

function makeVersion2(generator: Random): Asked {
  const { pick, number } = generator;
  const fixed = (id: number) => {
    const own = [`10.${id}.${number(4)}.${5 + number(200)}/24`, `fd00:${id}::${5 + number(99)}/64`];
    return own.slice(0, number(3));
  };
  const link = (id: number, addresses: readonly string[]) => ({
    dhcp4: addresses.length === 0 || pick([true, false]),
    addresses,
    ...maybe(generator, "mtu", () => pick([1400, 9000])),
    ...(addresses.length > 0 && maybe(generator, "gateway4", () => `10.${id}.0.1`)),
    ...maybe(generator, "routes", () =>
      some(generator, 2, () => ({
        to: `172.${16 + number(9)}.0.0/16`,
        via: `10.${id}.0.1`,
        ...maybe(generator, "metric", () => pick(METRICS)),
      })),
    ),
    ...maybe(generator, "nameservers", () => ({ addresses: ["1.1.1.1"], search: ["example.com"] })),
    ...maybe(generator, "optional", () => true),
  });
  const ethernets = Object.fromEntries(
    Array.from({ length: 1 + number(3) }, (_, id) => [`eth${id}`, link(id, fixed(id))]),
  );
  const vlans = { v5: { id: 5, link: "eth0", dhcp4: true } };
  return { kind: "network", text: JSON.stringify({ version: 2, ethernets, ...pick([{}, { vlans }]) }) };
}
