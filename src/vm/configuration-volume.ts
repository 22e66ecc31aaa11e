// A volume with a node's configuration (NoCloud's files), as ISO 9660: ECMA-119 as far as Linux reads it, one folder deep.
import { writeFileSync } from "node:fs";

const SECTOR = 2048;
const FIRST_FILE = 21;
const ROOT = { sector: 20, sizeBytes: SECTOR };

/** A host path, and texts by their names: "user-data", "meta-data". */
export function writeConfigurationVolume(path: string, files: Readonly<Record<string, string>>): void {
  writeFileSync(path, configurationVolume("cidata", files));
}

/** Pure. The folder has to fit into one sector: about thirty names. */
export function configurationVolume(label: string, files: Readonly<Record<string, string>>): Buffer {
  const names = Object.keys(files).sort();
  const contents = names.map((name) => Buffer.from(files[name] ?? ""));
  const sectors = contents.map(({ length }) => Math.ceil(length / SECTOR));
  const starts = sectors.map((_, index) => FIRST_FILE + sum(sectors.slice(0, index)));
  const image = Buffer.alloc((FIRST_FILE + sum(sectors)) * SECTOR);

  volumeDescriptor(label, image.length / SECTOR).copy(image, 16 * SECTOR);
  image.write("\xffCD001\x01", 17 * SECTOR, "latin1"); // the last descriptor
  pathTable("little").copy(image, 18 * SECTOR);
  pathTable("big").copy(image, 19 * SECTOR);
  const entries = [
    directoryRecord("\0", ROOT.sector, ROOT.sizeBytes, true),
    directoryRecord("\x01", ROOT.sector, ROOT.sizeBytes, true), // its parent: itself
    // Linux shows capitals as small letters, and no version.
    ...names.map((name, index) =>
      directoryRecord(`${name.toUpperCase()};1`, starts[index] ?? 0, contents[index]?.length ?? 0, false),
    ),
  ];
  Buffer.concat(entries).copy(image, ROOT.sector * SECTOR);
  for (const [index, content] of contents.entries()) content.copy(image, (starts[index] ?? 0) * SECTOR);
  return image;
}

/** ECMA-119, 8.4. */
function volumeDescriptor(label: string, sectors: number): Buffer {
  const sector = Buffer.alloc(SECTOR);
  sector.write("\x01CD001\x01", 0, "latin1");
  sector.write(" ".repeat(32) + label.padEnd(32), 8, "latin1");
  bothEndian32(sectors).copy(sector, 80);
  for (const at of [120, 124]) bothEndian16(1).copy(sector, at);
  bothEndian16(SECTOR).copy(sector, 128);
  bothEndian32(pathTable("little").length).copy(sector, 132);
  sector.writeUInt32LE(18, 140);
  sector.writeUInt32BE(19, 148);
  directoryRecord("\0", ROOT.sector, ROOT.sizeBytes, true).copy(sector, 156);
  sector.write(" ".repeat(813 - 190), 190, "latin1");
  for (const at of [813, 830, 847, 864]) sector.write("0".repeat(16), at, "latin1");
  sector[881] = 1;
  return sector;
}

/** Of the root alone; 9.4. */
function pathTable(order: "little" | "big"): Buffer {
  const table = Buffer.alloc(10);
  table[0] = 1;
  if (order === "little") {
    table.writeUInt32LE(ROOT.sector, 2);
    table.writeUInt16LE(1, 6);
  } else {
    table.writeUInt32BE(ROOT.sector, 2);
    table.writeUInt16BE(1, 6);
  }
  return table;
}

/** 9.1. */
function directoryRecord(name: string, sector: number, sizeBytes: number, isDirectory: boolean): Buffer {
  const record = Buffer.alloc(33 + name.length + ((name.length + 1) % 2));
  record[0] = record.length;
  bothEndian32(sector).copy(record, 2);
  bothEndian32(sizeBytes).copy(record, 10);
  Buffer.from([126, 1, 1, 0, 0, 0, 0]).copy(record, 18); // 2026
  record[25] = isDirectory ? 2 : 0;
  bothEndian16(1).copy(record, 28);
  record[32] = name.length;
  record.write(name, 33, "latin1");
  return record;
}

function bothEndian32(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(value, 0);
  bytes.writeUInt32BE(value, 4);
  return bytes;
}

function bothEndian16(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16LE(value, 0);
  bytes.writeUInt16BE(value, 2);
  return bytes;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
