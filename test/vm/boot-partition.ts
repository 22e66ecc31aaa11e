// The boot partition of a running machine, which has it mounted only while somebody changes it.
import type { Machine } from "../../src/vm/machine.ts";

export const bootPartition = "/tmp/esp";

/** Runs a shell script while the partition is mounted at `bootPartition`; what it leaves outlives a power cut. */
export async function changeBootPartition(machine: Machine, script: string): Promise<void> {
  const mount = `mkdir -p ${bootPartition} && mount -t vfat /dev/vda2 ${bootPartition}`;
  await machine.succeed(`${mount} && { ${script}\n} && umount ${bootPartition} && sync`);
}
