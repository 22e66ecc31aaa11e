// Which objects the cluster must have: a ConfigMap for each of its states in which one could be made, and with each state of the model's
// cluster the names of those that are in it.
import type { Life } from "../proof/simulator/life.ts";
import type { Step } from "../proof/simulator/step.ts";
import { becomeReady, kubectl, writeKubeconfig } from "../vm/cluster.ts";
import { type LifeBox, stepLimit } from "./box.ts";

const prefix = "life-";

export class Objects {
  /** By the model's number of a cluster's state. */
  readonly #names = new Map<number, readonly string[]>([[0, []]]);

  /** Before a step on the model: makes an object if the engine runs and the step is one of a system at work. */
  async note(box: LifeBox, life: Life, step: Step): Promise<void> {
    const next = life.clusters + 1;
    if (step.do === "reset") this.#names.set(next, []);
    if (life.running === undefined || !working.includes(step.do)) return;
    const names = this.#names.get(life.cluster) ?? [];
    const name = `${prefix}${next}`;
    this.#names.set(next, (await create(box, name)) ? [...names, name] : names);
  }

  /** When the node is Ready: what is missing, or there and shouldn't be. */
  async differences(box: LifeBox, life: Life): Promise<string[]> {
    await becomeReady(box.cluster, stepLimit);
    const listed = await kubectl(box.cluster, "get", "configmaps", "--output", "name");
    const found = listed.split("\n").flatMap((line) => line.split(`configmap/${prefix}`).slice(1));
    const [is, should] = [found, this.#names.get(life.cluster) ?? []].map((names) =>
      names
        .map((name) => name.replace(prefix, ""))
        .sort()
        .join(", "),
    );
    return is === should
      ? []
      : [`the cluster has the objects ${is || "of none"}, and ${should || "of none"} by the model`];
  }
}

/** Steps before which the model's cluster goes on living. */
const working: readonly Step["do"][] = ["apply", "activate", "watch", "give up", "roll back", "restart"];

/** Whether the cluster has said that it has it; not if its engine isn't up yet. */
async function create({ cluster }: LifeBox, name: string): Promise<boolean> {
  const { exitCode } = await cluster.machine.execute(
    "grep -qx running /run/kubesolo-os/engine.state",
    stepLimit,
  );
  if (exitCode !== 0) return false;
  await writeKubeconfig(cluster, stepLimit);
  return await kubectl(cluster, "create", "configmap", name, "--request-timeout=20s").then(
    () => true,
    () => false,
  );
}
