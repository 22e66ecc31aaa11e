// A machine's life, recorded: what it does is what people have it do, and each step is marked in the log of its disk's writes.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { readSourceCommit } from "../lib/commit.ts";
import { replaceFile } from "../lib/files.ts";
import { buildPath } from "../lib/paths.ts";
import { becomeReady, type Cluster, kubectl } from "../vm/cluster.ts";
import { type Equipment, guestPorts } from "../vm/equipment.ts";
import { type Machine, startMachine } from "../vm/machine.ts";
import { chooseForwards } from "../vm/ports.ts";
import { countWrites, makeRecordedDisk, type Recording, RecordingSchema } from "../vm/recording/recording.ts";
import { type Mark, MarkSchema, type Scenario } from "./marks.ts";

const LifeSchema = v.object({
  name: v.string(),
  commit: v.string(),
  date: v.string(),
  /** Of the image that it began with: over another one, its writes are another disk's. */
  imageId: v.string(),
  recording: RecordingSchema,
  marks: v.array(MarkSchema),
});

/** A recording that is complete, and the disk that it left. */
export type Life = v.InferOutput<typeof LifeSchema>;

/** Slower than any step is under emulation. */
export const stepLimit = { timeoutMs: 600_000 };

export function lifeDirectory(name: string): string {
  return buildPath("power-cut", name);
}

/** The recording of that name, if it was ever ended, and began with this image, if one is named. */
export function readLife(name: string, imageId?: string): Life | undefined {
  try {
    const text = readFileSync(join(lifeDirectory(name), "life.json"), "utf8");
    const life = v.parse(v.pipe(v.string(), v.parseJson(), LifeSchema), text);
    return imageId === undefined || life.imageId === imageId ? life : undefined;
  } catch {
    return undefined; // none, of another version, or one that was interrupted: it is recorded anew
  }
}

/** A life while it is recorded. */
export class Recorder {
  readonly cluster: Cluster;
  readonly #recording: Recording;
  readonly #marks: Mark[];

  /** `names` are of objects that the cluster has already. */
  constructor(cluster: Cluster, recording: Recording, names: readonly string[]) {
    this.cluster = cluster;
    this.#recording = recording;
    this.#marks = names.map((name) => ({ is: "acknowledged", at: 0, name }));
  }

  get machine(): Machine {
    return this.cluster.machine;
  }

  get marks(): readonly Mark[] {
    return this.#marks;
  }

  /** The first one begins with the recording. */
  begin(scenario: Scenario): void {
    const isFirst = !this.#marks.some(({ is }) => is === "begin");
    this.#marks.push({ is: "begin", at: isFirst ? 0 : countWrites(this.#recording), scenario });
  }

  /** Makes an object, and notes that the cluster has said it has it. */
  async create(name: string): Promise<void> {
    await kubectl(this.cluster, "create", "configmap", name);
    this.#marks.push({ is: "acknowledged", at: countWrites(this.#recording), name });
  }

  forgets(names: readonly string[]): void {
    this.#marks.push({ is: "forgets", at: countWrites(this.#recording), names: [...names] });
  }

  get names(): string[] {
    return this.#marks.flatMap((mark) => (mark.is === "acknowledged" ? [mark.name] : []));
  }

  async becomeReady(): Promise<void> {
    await becomeReady(this.cluster, stepLimit);
  }

  /** A command of the agent's that ends in a restart; the console shows only what comes from then on. */
  async restartBy(command: string): Promise<void> {
    this.machine.console.skipToEnd();
    await this.machine.execute(command, stepLimit).catch(() => undefined); // it may be gone before it answers
  }
}

interface Beginning {
  readonly base: Recording["base"];
  readonly diskBytes: number;
  /** Of objects that its cluster has. */
  readonly names: readonly string[];
}

/** Records what `live` has a machine do, from power-on; its disk stays, to go on from. */
export async function recordLife(
  name: string,
  equipment: Equipment,
  { base, diskBytes, names }: Beginning,
  live: (recorder: Recorder) => Promise<void>,
): Promise<Life> {
  const directory = lifeDirectory(name);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const { disk, recording } = await makeRecordedDisk(equipment.qemu, base, diskBytes, directory);
  await using machine = await startMachine({
    ...equipment.machine,
    directory,
    disk,
    forwards: await chooseForwards(guestPorts),
  });
  const recorder = new Recorder(
    { machine, kubectl: equipment.kubectl, kubeconfig: join(directory, "kubeconfig") },
    recording,
    names,
  );
  await live(recorder);
  await machine.shutdown(stepLimit);
  const life = {
    name,
    commit: await readSourceCommit(),
    date: new Date().toISOString(),
    imageId: equipment.imageId,
    recording,
    marks: [...recorder.marks],
  };
  replaceFile(join(directory, "life.json"), `${JSON.stringify(life)}\n`);
  return life;
}
