// A disk that begins to fail while it is updated: a sector that can't be read or written ends what needs it with a reason, the slot that
// counts stays, and with a disk that is good again the update goes on.
import { afterAll, beforeAll, expect, test } from "vitest";
import { partitionStartMib } from "../../src/release/partitions.ts";
import type { MachineOptions } from "../../src/vm/machine-options.ts";
import { later, makeReleases } from "../../src/vm/update-releases.ts";
import { findStateCopies } from "./damage.ts";
import { agent, slotB, startUpdatable, type Updatable } from "./machine-on-trial.ts";
import { bootLimit, waitForStages } from "./machine-under-test.ts";

type Bad = NonNullable<MachineOptions["disk"]["badSectors"]>;

const sectorBytes = 512;
const mib = 2 ** 20;
const testLimitMs = 1_200_000;
const applyLimit = { timeoutMs: 600_000 };
const confirmed = /, slot A: confirmed$/m;

let box: Updatable;
/** Where the root lies in slot B, as sectors: the kernel's ext4 fills a new slot from its middle on, and the root is nearly all of it. */
const inSlotB = (partitionStartMib("KSOLOB") + 300) * (mib / sectorBytes);

beforeAll(async () => {
  await makeReleases();
  box = await startUpdatable("disk-errors", {}, { wait: ({ machine }) => waitForStages(machine) });
}, 1_200_000);

afterAll(() => box?.[Symbol.asyncDispose]());

test(
  "what can't be written into the other slot is told, and nothing is activated",
  async () => {
    const { machine } = box.cluster;
    await restartWith(writeErrors(inSlotB, 8192));
    expect(await machine.fail(apply(), applyLimit)).toMatch(/input\/output error|isn't|other contents/i);
    expect(await machine.fail(`${agent} activate`, bootLimit)).toContain("nothing has been written");
    expect(await machine.succeed(`${agent} status`, bootLimit)).toMatch(confirmed);
  },
  testLimitMs,
);

test(
  "on a disk that is good again it goes on; what can't be read back then isn't activated",
  async () => {
    const { machine } = box.cluster;
    await restartWith([]);
    await machine.succeed(apply(), applyLimit);
    await restartWith(readErrors(inSlotB, 8192));
    expect(await machine.fail(`${agent} activate`, applyLimit)).toMatch(/input\/output error/i);
    expect(await machine.succeed(`${agent} status`, bootLimit)).toMatch(confirmed);
  },
  testLimitMs,
);

test(
  "a state of the boot that can't be written leaves the slot that counts; of which one copy can, the new one does",
  async () => {
    const { machine } = box.cluster;
    const [first, second] = findStateCopies().map((byte) => writeErrors(byte / sectorBytes, 1));
    if (first === undefined || second === undefined) throw new Error("the image has no two copies");
    // Of equal ones the second is written first.
    const rows = [
      [[...first, ...second], confirmed],
      [second, confirmed],
      [first, /, slot A: confirmed, and the other one is tried at the next boot$/m],
    ] as const;
    for (const [bad, standing] of rows) {
      await restartWith([...bad]);
      expect(await machine.fail(`${agent} activate`, applyLimit)).toMatch(
        /input\/output error|reads otherwise/i,
      );
      expect(await machine.succeed(`${agent} status`, bootLimit)).toMatch(standing);
    }
  },
  testLimitMs,
);

test(
  "a slot on trial that can't be read gives way to the old one, which says so",
  async () => {
    const { machine } = box.cluster;
    await restartWith(readErrors(await findKernel(), 2048));
    await machine.waitForConsole(/starting slot A/, bootLimit);
    await machine.until(
      `${agent} history | tail -n 1 | grep '${later.version}, slot B: slot-damaged'`,
      bootLimit,
    );
    expect(await machine.succeed(`${agent} status`, bootLimit)).toMatch(confirmed);
  },
  testLimitMs,
);

/** The sector of the disk where the kernel in slot B begins, which the boot loader reads. */
async function findKernel(): Promise<number> {
  const extents = `filefrag -e -v -b${sectorBytes} ${slotB}/vmlinuz`;
  const mounted = `mkdir -p ${slotB} && mount -t ext4 -o ro /dev/vda4 ${slotB}`;
  const told = await box.cluster.machine.succeed(`${mounted} && ${extents}; umount ${slotB}`, bootLimit);
  const [, sector] = /^ *0: +0\.\. *\d+: +(\d+)\.\./m.exec(told) ?? [];
  if (sector === undefined) throw new Error(`no place of the kernel in: ${told}`);
  return (partitionStartMib("KSOLOB") * mib) / sectorBytes + Number(sector);
}

function apply(): string {
  return `${agent} apply ${box.web.url}/second.tar`;
}

/** One in 64 of so many sectors: each is a rule of QEMU's. */
function errors(on: Bad[number]["on"], first: number, count: number): Bad {
  const step = 64;
  return Array.from({ length: Math.ceil(count / step) }, (_, index) => ({
    sector: first + index * step,
    on,
  }));
}
const writeErrors = (first: number, count: number) => errors("write", first, count);
const readErrors = (first: number, count: number) => errors("read", first, count);

/** The power is cut, and the disk comes back with these. */
async function restartWith(badSectors: Bad): Promise<void> {
  const { machine } = box.cluster;
  const { badSectors: _, ...disk } = machine.options.disk;
  const options = { ...machine.options, disk: badSectors.length === 0 ? disk : { ...disk, badSectors } };
  await machine.crash();
  await machine.powerOn(options);
}
