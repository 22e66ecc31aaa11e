// What the API has acknowledged is there after SIGKILL, at whatever moment it comes.
import { existsSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../../src/lib/run.ts";
import { type NodeUnderTest, patience, polling, startNode } from "./node-under-test.ts";

/** Each takes five to ten seconds; by chance, over many runs, all moments come. */
const rounds = 5;
let node: NodeUnderTest;

beforeAll(async () => {
  node = await startNode("durability");
  await node.sandbox.waitForReady(patience);
});
afterAll(() => node?.end());

test("no acknowledged write is lost by SIGKILL", async () => {
  const { sandbox } = node;
  const acknowledged: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const writer = startWriter(`round-${round}`);
    await writer.firstWrite();
    await sleep(400 + Math.random() * 1500); // chance, not a condition: between any two steps of a write
    await sandbox.killEngine();
    const written = await writer.end();
    acknowledged.push(...written);
    await sandbox.startEngine();
    await sandbox.waitForReady(patience);
    const found = new Set((await sandbox.kubectl("get", "configmaps", "--output=name")).split("\n"));
    expect(acknowledged.filter((name) => !found.has(`configmap/${name}`))).toEqual([]);
  }
  await sandbox.stopEngine(patience);
  const database = join(sandbox.path("state"), "kine/db/state.db");
  expect((await run(["sqlite3", database, "PRAGMA integrity_check"])).trim()).toBe("ok");
  process.stderr.write(`${acknowledged.length} writes were acknowledged in ${rounds} rounds\n`);
}, 900_000);

test("state of KubeSolo, and the database at the place of an earlier release, are taken over", async () => {
  const { sandbox } = node;
  await sandbox.startEngine();
  await sandbox.waitForReady(patience);
  const configMaps = async () => (await sandbox.kubectl("get", "configmaps", "--output=name")).split("\n");
  const before = await configMaps();
  await sandbox.kubectl(
    "apply",
    "--filename",
    join(import.meta.dirname, "manifests/kubesolo-leftovers.yaml"),
  );
  await sandbox.stopEngine(patience);
  const database = join(sandbox.path("state"), "kine/db/state.db");
  const earlier = join(sandbox.path("state"), "kine/state.db");
  renameSync(database, earlier);

  const startedMs = Date.now();
  await sandbox.startEngine();
  await sandbox.waitForReady(patience);
  const said = "jsonpath={.items[0].status.conditions[?(@.type=='Ready')].lastHeartbeatTime}";
  // Whole seconds. What the node said in its last run is no sign that it is ready.
  expect(Date.parse(await sandbox.kubectl("get", "nodes", "--output", said)) + 1000).toBeGreaterThan(
    startedMs,
  );
  expect(sandbox.engineLog).toContain(`the database ${earlier} is ${database} from now on`);
  expect(existsSync(earlier)).toBe(false);
  expect(await configMaps()).toEqual(before);
  const kinds = "mutatingwebhookconfigurations,deployments,endpointslices";
  const left = await sandbox.kubectl("get", kinds, "--namespace=kube-system", "--output=name");
  expect(left).toBe("endpointslice.discovery.k8s.io/kube-dns\n");
}, 200_000);

interface Writer {
  firstWrite(): Promise<void>;
  /** Waits for it to be refused, and returns the names of what was acknowledged. */
  end(): Promise<string[]>;
}

/** Creates ConfigMaps one after the other with curl; the names of those that were answered by 201 are kept. */
function startWriter(prefix: string): Writer {
  const pki = join(node.sandbox.path("state"), "pki");
  const script = `
    i=0
    while :; do
      i=$((i + 1)); name=${prefix}-$i
      code=$(curl --silent --output /dev/null --write-out '%{http_code}' --max-time 5 --cacert ${pki}/ca/ca.crt \\
        --cert ${pki}/admin/admin.crt --key ${pki}/admin/admin.key --header 'Content-Type: application/json' \\
        --data '{"metadata":{"name":"'$name'"},"data":{"n":"'$i'"}}' \\
        https://127.0.0.1:6443/api/v1/namespaces/default/configmaps) || break
      [ "$code" = 201 ] && echo "$name"
    done`;
  const output = join(node.directory, prefix);
  const ended = node.sandbox.runAnyExit(["sh", "-c", script], { outputFile: output });
  const written = () => readFileSync(output, "utf8").split("\n").filter(Boolean);
  return {
    firstWrite: async () => {
      await expect.poll(() => written().length, polling).toBeGreaterThan(0);
    },
    async end() {
      await ended;
      return written();
    },
  };
}
