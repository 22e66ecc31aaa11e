// What a power cut leaves, as far as no kernel is needed to tell: at each moment of a replay, what was written to since is looked at.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Slot } from "../../release/boot-state.ts";
import { BLOCK_BYTES, stateFiles } from "../../release/boot-state.ts";
import type { Equipment } from "../../vm/equipment.ts";
import type { KeptSector } from "../../vm/recording/power-cut.ts";
import type { Replay } from "../../vm/recording/replay.ts";
import { withThrowaway } from "../../vm/recording/throwaway.ts";
import type { Write } from "../../vm/recording/write-log.ts";
import { acknowledgedAt, type Mark, scenarioAt, scenarios } from "../marks.ts";
import { checkSlot, findStarted, readCopies, SLOT_PARTITIONS } from "./boot.ts";
import { checkData, isMade } from "./data.ts";
import { fatAt, partitionStartBytes, type Region, regionOf, regions } from "./disk.ts";
import { checkTable } from "./table.ts";

export interface Inspected {
  readonly slot?: Slot;
  readonly problems: readonly string[];
}

type Looking = Pick<Equipment, "qemu" | "tools" | "python">;

/** What was found of each region; a slot's is only looked for when a boot would start it. */
interface Findings {
  table?: { readonly problems: readonly string[]; readonly dataName: string };
  KSOLOEFI?: { readonly problems: readonly string[]; readonly blocks: readonly Buffer[] };
  KSOLOA?: readonly string[];
  KSOLOB?: readonly string[];
  KSOLODATA?: { readonly names: string; readonly problems: readonly string[] };
}

export class Inspector {
  readonly #equipment: Looking;
  readonly #replay: Replay;
  readonly #marks: readonly Mark[];
  readonly #folder: string;
  #findings: Findings = {};

  /** `folder`, a host path, is for what is taken out of the disk. */
  constructor(equipment: Looking, replay: Replay, marks: readonly Mark[], folder: string) {
    this.#equipment = equipment;
    this.#replay = replay;
    this.#marks = marks;
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** Makes the disk what it is behind so many writes. */
  moveTo(cut: number): void {
    this.#findings = without(this.#findings, this.#replay.forwardTo(cut));
  }

  /** All that there is to say of this moment. */
  look(): Promise<Inspected> {
    return this.#look(this.#findings);
  }

  /** All that there is to say when these sectors are on the disk, too. */
  with(kept: readonly KeptSector[]): Promise<Inspected> {
    const findings = without(
      this.#findings,
      kept.map(({ write }) => write),
    );
    return this.#replay.withSectors(kept, () => this.#look(findings));
  }

  async #look(findings: Findings): Promise<Inspected> {
    const { started, table, boot } = await this.#lookAtStart(findings);
    const data = await this.#lookAtData(findings, table.dataName);
    return { ...started, problems: [...table.problems, ...boot.problems, ...started.problems, ...data] };
  }

  async #lookAtStart(findings: Findings) {
    const { tools } = this.#equipment;
    const disk = this.#replay.diskPath;
    const scenario = scenarioAt(this.#marks, this.#replay.cut);
    if (scenario === undefined) throw new Error(`nothing had begun at write ${this.#replay.cut}`);
    findings.table ??= await checkTable(tools, disk);
    findings.KSOLOEFI ??= await this.#lookAtBootPartition();
    const { table, KSOLOEFI: boot } = findings;
    const started = await findStarted(readCopies(boot.blocks), scenarios[scenario].slots, async (slot) => {
      findings[SLOT_PARTITIONS[slot]] ??= await checkSlot(tools, disk, slot, this.#folder);
      return [...(findings[SLOT_PARTITIONS[slot]] ?? [])];
    });
    return { started, table, boot };
  }

  async #lookAtBootPartition(): Promise<NonNullable<Findings["KSOLOEFI"]>> {
    const { qemu, tools } = this.#equipment;
    const disk = this.#replay.diskPath;
    const fsck = await withThrowaway(
      qemu,
      { disk, startBytes: partitionStartBytes("KSOLOEFI") },
      join(this.#folder, "boot-partition"),
      (partition) => tools.runAnyExit(["fsck.fat", "-n", partition]),
    );
    const problems =
      fsck.exitCode === 0 ? [] : [`boot partition: fsck.fat: ${fsck.stdout.trim().slice(-300)}`];
    const blocks: Buffer[] = [];
    for (const name of stateFiles) {
      const block = Buffer.from(await tools.run(["mtype", "-i", fatAt(disk), `::grub/${name}`]), "latin1");
      if (block.length !== BLOCK_BYTES) problems.push(`boot partition: ${name} has ${block.length} bytes`);
      blocks.push(block);
    }
    return { problems, blocks };
  }

  async #lookAtData(findings: Findings, partitionName: string): Promise<readonly string[]> {
    const expected = acknowledgedAt(this.#marks, this.#replay.cut);
    const names = expected.join();
    if (findings.KSOLODATA?.names === names) return findings.KSOLODATA.problems;
    const superblock = this.#replay.read(partitionStartBytes("KSOLODATA") + 1024, 1024);
    const { qemu } = this.#equipment;
    const look = () =>
      withThrowaway(
        qemu,
        { disk: this.#replay.diskPath, startBytes: partitionStartBytes("KSOLODATA") },
        join(this.#folder, "data"),
        (partition) => checkData(this.#equipment, partition, expected, this.#folder),
      );
    const problems = isMade(partitionName, superblock) ? await look() : [];
    findings.KSOLODATA = { names, problems };
    return problems;
  }
}

/** What is still known after these writes. */
function without(findings: Findings, writes: readonly Write[]): Findings {
  const touched = new Set<Region>(
    writes
      .filter(({ is }) => is === "write")
      .flatMap(({ sector, sectors }) => [regionOf(sector), regionOf(sector + sectors - 1)]),
  );
  // The data partition's name is in the table, and the table's copy behind the data.
  if (touched.has("table")) touched.add("KSOLODATA");
  const known: Findings = { ...findings };
  for (const region of regions) if (touched.has(region)) delete known[region];
  return known;
}
