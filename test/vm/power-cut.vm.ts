// The looks at a disk that a power cut left find what is wrong with it: a made-up log of writes, over the image. No machine boots. What a
// real machine wrote is looked at in update.vm.ts, and all of it by `make test-power-cut`.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readKit } from "../../src/lib/built.ts";
import { readPart } from "../../src/lib/files.ts";
import { buildPath } from "../../src/lib/paths.ts";
import { run } from "../../src/lib/run.ts";
import type { Mark } from "../../src/power-cut/marks.ts";
import { Inspector } from "../../src/power-cut/offline/inspector.ts";
import { type BootState, formatBlock } from "../../src/release/boot-state.ts";
import { partitionStartMib } from "../../src/release/partitions.ts";
import { flushBoundaries } from "../../src/vm/recording/power-cut.ts";
import { openReplay } from "../../src/vm/recording/replay.ts";
import { type Entry, formatLog, SECTOR_BYTES } from "../../src/vm/recording/write-log.ts";
import { findInImage, findStateCopies } from "./damage.ts";
import { builtDisk, imageTools } from "./machine-under-test.ts";

const directory = buildPath("test/power-cut");
const mib = 2 ** 20;
const diskMib = 4096;
/** Smaller than the partition: quick to write. */
const dataMib = 64;

const back: BootState = { generation: 3, activeSlot: "A", floor: 1, reason: "rollback" };
const activated: BootState = { generation: 4, activeSlot: "B", trial: 3, floor: 1, reason: "activated" };
const late: BootState = { ...back, generation: 5 };

test("what is wrong with a disk is found, and only that", async () => {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const [first = 0, second = 0] = findStateCopies();
  const torn = Buffer.alloc(SECTOR_BYTES);
  const one = await dataWith("one");
  const steps: { is: string; entries: Entry[]; problem?: RegExp }[] = [
    { is: "nothing was written", entries: [] },
    { is: "a data partition with one object", entries: one },
    { is: "one copy of the state is torn", entries: [at(first, torn)] },
    { is: "both are", entries: [at(second, torn)], problem: /no copy of the state counts/ },
    { is: "both are written", entries: [at(first, block(back)), at(second, block(back))] },
    { is: "slot B counts", entries: [at(first, block(activated))], problem: /slot B is started, not A/ },
    { is: "slot A counts again", entries: [at(second, block(late))] },
    {
      is: "the root in slot A is damaged",
      entries: [at(findInImage(8), torn)],
      problem: /root\.squashfs isn't/,
    },
    {
      is: "the boot partition's file system is damaged, too",
      entries: [
        at(partitionStartMib("KSOLOEFI") * mib + 32 * SECTOR_BYTES, Buffer.alloc(SECTOR_BYTES, 0x55)),
      ],
      problem: /fsck\.fat/,
    },
    { is: "the cluster has lost its object", entries: await dataWith("other"), problem: /and lost: one/ },
    {
      is: "and the data partition a table of its inodes",
      entries: [at(partitionStartMib("KSOLODATA") * mib + mib / 8, Buffer.alloc((mib / 8) * 7, 0xa5))],
      problem: /data: e2fsck/,
    },
  ];
  const log = join(directory, "writes.log");
  writeFileSync(log, formatLog(steps.slice(1).flatMap(({ entries }) => [...entries, { flags: 1 }])));
  const recording = {
    base: { path: builtDisk(), format: "raw" },
    log,
    diskBytes: diskMib * mib,
  } as const;
  const { qemu, python } = readKit();
  using replay = await openReplay(qemu, recording, join(directory, "cut.img"));
  const marks: Mark[] = [
    { is: "begin", at: 0, scenario: "first-boot" },
    { is: "acknowledged", at: one.length + 1, name: "one" },
  ];
  const looking = { qemu, python, tools: imageTools() };
  const inspector = new Inspector(looking, replay, marks, join(directory, "taken-out"));
  for (const [index, cut] of flushBoundaries(replay.writes).entries()) {
    inspector.moveTo(cut);
    const { problems } = await inspector.look();
    const step = steps[index];
    if (step?.problem === undefined) expect({ [`${step?.is}`]: problems }).toEqual({ [`${step?.is}`]: [] });
    else expect(`${step.is}: ${problems.join("; ")}`).toMatch(step.problem);
  }
}, 600_000);

function at(byte: number, bytes: Buffer): Entry {
  return { sector: byte / SECTOR_BYTES, bytes };
}

function block(state: BootState): Buffer {
  return Buffer.from(formatBlock(state));
}

/** The writes of a file system with a database that has one object. */
async function dataWith(name: string): Promise<Entry[]> {
  const tree = join(directory, "data");
  const folder = join(tree, "kubesolo/kine/db");
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const make = `
import os, sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("PRAGMA journal_mode=WAL")
database.execute("CREATE TABLE kine (id INTEGER PRIMARY KEY, name TEXT, deleted INTEGER)")
database.execute("INSERT INTO kine (name, deleted) VALUES (?, 0)", ("/registry/configmaps/default/" + sys.argv[2],))
os._exit(0)  # what is in the write-ahead log stays there
`;
  await run([...readKit().python, "-c", make, join(folder, "state.db"), name]);
  const image = join(directory, "data.img");
  rmSync(image, { force: true });
  await imageTools().run(["mke2fs", "-q", "-F", "-t", "ext4", "-d", tree, image, `${dataMib}M`]);
  // As after every power cut: its journal has a transaction, of the last block, which is free.
  const journal = `jo\njw -b ${dataMib * 1024 - 1} ${join(folder, "state.db")}\njc\n`;
  await imageTools().run(["debugfs", "-w", "-f", "-", image], { input: journal });
  return [at(partitionStartMib("KSOLODATA") * mib, readPart(image, 0, dataMib * mib))];
}
