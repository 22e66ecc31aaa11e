// What qemu-img makes up when it writes a disk's image, time and random numbers, replaced by what the content decides. Pure.

/** Where qemu-img puts a VMDK's descriptor, a text: VMware's "Virtual Disk Format 5.0", "Hosted Sparse Extents". */
export const VMDK_DESCRIPTOR = { offsetBytes: 512, sizeBytes: 20 * 512 } as const;

/** "Virtual Hard Disk Image Format Specification", "Hard Disk Footer Format". */
export const VHD_FOOTER_BYTES = 512;
export const VHD_MARK = "conectix";
const VHD_TIME = 24;
const VHD_CHECKSUM = 64;
const VHD_ID = 68;
const VHD_ID_BYTES = 16;
const SECONDS_TO_2000 = Date.UTC(2000, 0) / 1000;

/** Its content id, eight digits. */
export function stampVmdk(descriptor: Buffer, id: string): Buffer {
  const text = descriptor.toString("latin1");
  const stamped = text.replace(/^CID=[0-9a-f]+$/m, `CID=${id.slice(0, 8)}`).replace(/\0*$/, "");
  if (!stamped.includes(`\nCID=${id.slice(0, 8)}\n`)) throw new Error("qemu-img wrote a VMDK without a CID");
  return Buffer.from(stamped.padEnd(descriptor.length, "\0"), "latin1");
}

/** The time, in seconds since 2000, and its unique id; and so the checksum. */
export function stampVhd(footer: Buffer, id: string, epoch: number): Buffer {
  if (!footer.toString("latin1").startsWith(VHD_MARK))
    throw new Error("qemu-img wrote a VHD without a footer");
  const stamped = Buffer.from(footer);
  stamped.writeUInt32BE(epoch - SECONDS_TO_2000, VHD_TIME);
  Buffer.from(id, "hex").copy(stamped, VHD_ID, 0, VHD_ID_BYTES);
  stamped.writeUInt32BE(0, VHD_CHECKSUM);
  const sum = stamped.reduce((total, byte) => total + byte, 0);
  stamped.writeUInt32BE(~sum >>> 0, VHD_CHECKSUM);
  return stamped;
}
