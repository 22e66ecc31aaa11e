// A running machine frozen into a folder: its memory and its disk. What goes on from there has not booted, so this is for
// tests of what a machine does later. QEMU's documentation, "Migration": a machine like it, with the same devices, is needed.
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import type { Limit } from "../lib/wait.ts";
import { quote } from "./launch.ts";
import { type Machine, startMachine } from "./machine.ts";
import { type MachineOptions, MachineOptionsSchema } from "./machine-options.ts";
import { makeOverlay } from "./overlay.ts";
import { askQmp, Qmp } from "./qmp.ts";
import { waitOn } from "./vigil.ts";

const files = { memory: "memory", disk: "disk.qcow2", options: "machine.json" } as const;
const Migration = v.object({ status: v.optional(v.string()), "error-desc": v.optional(v.string()) });

/** Ends the machine and keeps all of it in the folder, a host path; its disk must be an overlay and moves there. */
export async function saveMachine(machine: Machine, folder: string, limit: Limit): Promise<void> {
  const { options } = machine;
  if (options.disk.format !== "qcow2") throw new Error("only a machine on an overlay can be saved");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  {
    using qmp = await Qmp.open(machine.directory);
    await qmp.command("stop");
    await qmp.command("migrate", { uri: `exec:cat >${quote(join(folder, files.memory))}` });
  }
  await waitOn(machine, {
    what: () => "the machine's memory to be saved",
    ...limit,
    attempt: async () => isSaved(v.parse(Migration, await askQmp(machine.directory, "query-migrate"))),
  });
  await machine.crash(); // QEMU has let go of the disk
  await rename(options.disk.path, join(folder, files.disk));
  await writeFile(join(folder, files.options), JSON.stringify(options));
}

function isSaved(migration: v.InferOutput<typeof Migration>): true | undefined {
  if (migration.status === "failed")
    throw new Error(`the machine cannot be saved: ${migration["error-desc"]}`);
  return migration.status === "completed" ? true : undefined;
}

/** A machine in a directory of its own that goes on where the saved one was frozen; the folder stays as it is. */
export async function restoreMachine(
  folder: string,
  change: Pick<MachineOptions, "directory" | "forwards"> & Partial<Pick<MachineOptions, "offline">>,
  limit: Limit,
): Promise<Machine> {
  const saved = v.parse(
    MachineOptionsSchema,
    JSON.parse(await readFile(join(folder, files.options), "utf8")),
  );
  await mkdir(change.directory, { recursive: true });
  const disk = await makeOverlay(
    saved.qemu,
    join(folder, files.disk),
    join(change.directory, files.disk),
    saved.disk.format,
  );
  const machine = await startMachine({ ...saved, ...change, disk }, join(folder, files.memory));
  try {
    await goOn(machine, limit);
  } catch (error) {
    await machine.crash();
    throw error;
  }
  return machine;
}

async function goOn(machine: Machine, limit: Limit): Promise<void> {
  await waitOn(machine, {
    what: () => "the machine's memory to be restored",
    ...limit,
    attempt: async () => {
      const { status } = v.parse(
        v.object({ status: v.string() }),
        await askQmp(machine.directory, "query-status"),
      );
      return status === "inmigrate" ? undefined : true;
    },
  });
  await askQmp(machine.directory, "cont");
}
