// Generated configurations, as the agent reads them and as Debian's cloud-init does, whose own code is the judge: users, commands,
// files and networks. What differs on purpose isn't generated; docs/node-configuration.md says what that is.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { Action } from "../../src/agent/cloud-init/actions.ts";
import { loadConfig } from "../../src/agent/cloud-init/load.ts";
import { formatNetwork, parseNetwork } from "../../src/agent/network/addresses.ts";
import type { NetworkPlan } from "../../src/agent/network/plan.ts";
import { nodeDecoder } from "../../src/image/baked/node-decoder.ts";
import { prepareGroup } from "../../src/image/debian/packages.ts";
import { programArgs } from "../../src/lib/locked-tools.ts";
import { buildPath, sourcePath } from "../../src/lib/paths.ts";
import { makeRandom } from "../../src/lib/random.ts";
import { run } from "../../src/lib/run.ts";
import { type Asked, makeAsked } from "./generated-configurations.ts";

const COUNT = Number(process.env["COUNT"] ?? 500);

test("generated configurations come to what cloud-init makes of them", { timeout: 300_000 }, async () => {
  const asked = Array.from({ length: COUNT }, (_, seed) => makeAsked(makeRandom(seed + 1)));
  const judged = await judge(asked);
  const counts = { inputs: COUNT, agreed: 0, refused: 0, refusedByBoth: 0, "taken here only": 0 };
  const different: object[] = [];
  for (const [index, each] of asked.entries()) {
    const theirs = judged[index] as Record<string, unknown>;
    const ours = answerOf(each);
    const isBroken = "error" in theirs;
    if (ours === undefined) counts[isBroken ? "refusedByBoth" : "refused"] += 1;
    else if (isBroken) counts["taken here only"] += 1;
    else if (JSON.stringify(ours) === JSON.stringify(normal(each, theirs))) counts.agreed += 1;
    else different.push({ text: each.text, ours, theirs: normal(each, theirs) });
  }
  note(`cloud-init as the judge: ${JSON.stringify(counts)}`);

  expect(different.slice(0, 3)).toEqual([]);
  expect(counts.agreed).toBeGreaterThan(COUNT / 2);
});

async function judge(asked: readonly Asked[]): Promise<unknown[]> {
  const root = await prepareGroup("cloud-init");
  const env = {
    PYTHONHOME: join(root, "usr"),
    PYTHONPATH: join(root, "usr/lib/python3/dist-packages"),
    PYTHONDONTWRITEBYTECODE: "1",
  };
  const input = `${asked.map((each) => JSON.stringify(each)).join("\n")}\n`;
  const script = sourcePath("test/factory/cloud_init_judge.py");
  const output = await run([...programArgs(root, "python3"), script], { env, input });
  return output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

function answerOf({ kind, text }: Asked): unknown {
  const source = kind === "user" ? `#cloud-config\n${text}` : text;
  const name = kind === "user" ? "user-data" : "network-config";
  const { decision } = loadConfig({ [name]: { file: name, text: source } }, { decoder: nodeDecoder });
  if (decision === undefined) return undefined;
  return kind === "user" ? userAnswer(decision.actions) : networkAnswer(decision.network);
}

function userAnswer(actions: readonly Action[]) {
  const accounts = actions.flatMap((action) => (action.do === "keep-accounts" ? action.accounts : []));
  const script = actions.flatMap((action) => (action.do === "run" ? [`${action.command}\n`] : [])).join("");
  const files = actions.flatMap((action) =>
    action.do === "write-file" ? [[action.path, action.mode, action.content.text]] : [],
  );
  const users = accounts.map(({ name, groups, shell }) => [name, [...groups].sort(), shell ?? null]);
  return { users: users.sort(), script, files };
}

function networkAnswer(plan: NetworkPlan | undefined) {
  return (plan?.links ?? [])
    .map((link) => {
      const gateways = link.routes.filter(({ to }) => to.endsWith("/0"));
      return [
        link.kind.type === "physical" ? (link.kind.setName ?? link.id) : link.id,
        link.dhcp4,
        [...link.addresses].sort(),
        link.routes
          .filter((route) => !gateways.includes(route))
          .map(({ to, via, metric }) => [to, via ?? null, metric ?? null])
          .sort(),
        gateways.map(({ via }) => via).sort(),
        link.mtu ?? null,
      ];
    })
    .sort();
}

interface TheirLink {
  readonly dhcp4: boolean;
  readonly addresses: readonly string[];
  readonly routes: readonly [string, string, number | null][];
  readonly gateways: readonly string[];
  readonly mtu: number | null;
}
interface TheirUsers {
  readonly users: Readonly<
    Record<string, { readonly groups: readonly string[]; readonly shell: string | null }>
  >;
  readonly runcmd: string;
  readonly files: readonly (readonly [string, number, string | null])[];
}

function normal({ kind }: Asked, theirs: Record<string, unknown>): unknown {
  if (kind === "user") {
    const { users, runcmd, files } = theirs as unknown as TheirUsers;
    const listed = Object.entries(users).map(([name, { groups, shell }]) => [
      name,
      [...groups].sort(),
      shell,
    ]);
    return {
      users: listed.sort(),
      script: runcmd,
      files: files.map(([path, mode, content]) => [path, mode, content ?? ""]),
    };
  }
  return Object.entries(theirs as Record<string, TheirLink>)
    .map(([name, link]) => [
      name,
      link.dhcp4,
      [...link.addresses].sort(),
      link.routes.map(([to, via, metric]) => [masked(to), via ?? null, metric ?? null]).sort(),
      [...link.gateways].sort(),
      link.mtu,
    ])
    .sort();
}

/** Bits behind the network's length don't count. */
function masked(to: string): string {
  const network = parseNetwork(to);
  return network === undefined ? to : formatNetwork(network);
}

/** Beside what other tests measured. */
function note(text: string): void {
  const file = buildPath("test/cloud-init-judge.txt");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${text}\n`);
}
