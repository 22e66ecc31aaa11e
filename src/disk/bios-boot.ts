// Makes a disk start GRUB under BIOS: what grub-bios-setup does, on bytes instead of a device. Pure.
// Offsets: GRUB's include/grub/i386/pc/boot.h and grub-core/boot/i386/pc/diskboot.S.
import { SECTOR_BYTES } from "./layout.ts";

const KERNEL_SECTOR = 0x5c;
const BOOT_DRIVE = 0x64;
const DRIVE_CHECK = 0x66;
const BPB_START = 0x03;
const BPB_END = 0x5a;
const DISK_SIGNATURE = 0x1b8;
const FIRST_BLOCK_ENTRY = SECTOR_BYTES - 12;
const LOAD_SEGMENT = 0x820;

export interface BiosBoot {
  readonly bootSector: Buffer;
  readonly core: Buffer;
}

/**
 * @param currentSector the disk's first sector as it is, with its partition table
 * @param boot GRUB's boot.img
 * @param core GRUB's core.img, as grub-mkimage made it
 * @param startSector where `core` will lie, in a BIOS boot partition of `sectors` sectors
 */
export function planBiosBoot(
  currentSector: Buffer,
  boot: Buffer,
  core: Buffer,
  startSector: number,
  sectors: number,
): BiosBoot {
  if (boot.length !== SECTOR_BYTES) throw new Error(`boot.img has ${boot.length} bytes, not ${SECTOR_BYTES}`);
  const coreSectors = Math.ceil(core.length / SECTOR_BYTES);
  if (coreSectors > sectors) throw new Error(`core.img needs ${coreSectors} sectors, there are ${sectors}`);

  const bootSector = Buffer.from(boot);
  bootSector.writeBigUInt64LE(BigInt(startSector), KERNEL_SECTOR);
  bootSector[BOOT_DRIVE] = 0xff; // the drive the BIOS started from
  bootSector.fill(0x90, DRIVE_CHECK, DRIVE_CHECK + 2); // skip the check that is for floppies only
  currentSector.copy(bootSector, BPB_START, BPB_START, BPB_END);
  currentSector.copy(bootSector, DISK_SIGNATURE, DISK_SIGNATURE);

  const padded = Buffer.concat([core, Buffer.alloc(coreSectors * SECTOR_BYTES - core.length)]);
  padded.writeBigUInt64LE(BigInt(startSector + 1), FIRST_BLOCK_ENTRY);
  padded.writeUInt16LE(coreSectors - 1, FIRST_BLOCK_ENTRY + 8);
  padded.writeUInt16LE(LOAD_SEGMENT, FIRST_BLOCK_ENTRY + 10);
  return { bootSector, core: padded };
}
