// Objects of a life: a ConfigMap for each state of the cluster in which one could be made.
import type { Life } from "../proof/simulator/life.ts";
import type { Step } from "../proof/simulator/step.ts";
import { becomeReady, kubectl, writeKubeconfig } from "../vm/cluster.ts";
import { type LifeBox, stepLimit } from "./box.ts";
import { type ClusterNames, namesOf, nextName, withNext } from "./cluster-names.ts";

/** Before a step on the model: makes one if the engine runs. */
export async function addObject(
  box: LifeBox,
  names: ClusterNames,
  life: Life,
  step: Step,
): Promise<ClusterNames> {
  const name = nextName(life, step);
  const isMade = name !== undefined && (await create(box, name));
  return withNext(names, life, step, isMade ? name : undefined);
}

/** When the node is Ready: which objects are missing, or there and shouldn't be. */
export async function objectDifferences(box: LifeBox, names: ClusterNames, life: Life): Promise<string[]> {
  await becomeReady(box.cluster, stepLimit);
  const listed = await kubectl(box.cluster, "get", "configmaps", "--output", "name");
  const found = [...listed.matchAll(/^configmap\/(life-\d+)$/gm)].map(([, name = ""]) => name);
  const [is, should] = [found, namesOf(names, life)].map((each) => [...each].sort().join(", ") || "none");
  return is === should ? [] : [`the cluster's objects are ${is}, and ${should} by the model`];
}

/** Whether the cluster has said that it has it; not if its engine isn't up yet. */
async function create({ cluster }: LifeBox, name: string): Promise<boolean> {
  const isUp = "grep -qx running /run/kubesolo-os/engine.state";
  const { exitCode } = await cluster.machine.execute(isUp, stepLimit);
  if (exitCode !== 0) return false;
  await writeKubeconfig(cluster, stepLimit);
  return await kubectl(cluster, "create", "configmap", name, "--request-timeout=20s").then(
    () => true,
    () => false,
  );
}
