// What a machine is made of. A schema, because a running machine keeps its options in machine.json.
import * as v from "valibot";

const Disk = v.object({
  /** Host path, absolute. Written in place: give tests an overlay. */
  path: v.string(),
  /** `raw` for a disk that is kept, `qcow2` for an overlay that is thrown away. */
  format: v.picklist(["raw", "qcow2"]),
  /** Host path, absolute: what is written to it is noted there, in order. See recording/. */
  writeLog: v.optional(v.string()),
  /** Sectors of 512 bytes, by number, that can't be read, or can't be written. */
  badSectors: v.optional(v.array(v.object({ sector: v.number(), on: v.picklist(["read", "write"]) }))),
});

const ReadOnlyDisk = v.object({
  /** Host path, absolute. */
  path: v.string(),
  /** How the guest finds it: /sys/block/NAME/serial. */
  serial: v.pipe(v.string(), v.maxLength(20)),
});

const Kernel = v.object({
  /** Host paths, absolute. */
  path: v.string(),
  initramfs: v.string(),
  commandLine: v.string(),
});

const PortForward = v.object({
  /** On 127.0.0.1. */
  hostPort: v.number(),
  guestPort: v.number(),
  /** Where the guest has it; what DHCP gives it unless said. */
  guestAddress: v.optional(v.string()),
});

export const MachineOptionsSchema = v.object({
  /**
   * Host path: the folder that the packages of QEMU and its firmware are unpacked in. Empty for a machine that an earlier
   * version left running, in the host's QEMU.
   */
  qemu: v.optional(v.string(), ""),
  /** Host path: holds machine.json, console.log, qemu.log and the sockets. */
  directory: v.string(),
  disk: Disk,
  /** How the disk is connected; virtio unless said. */
  diskBus: v.optional(v.picklist(["virtio", "nvme", "usb", "sd", "pvscsi"])),
  readOnlyDisks: v.array(ReadOnlyDisk),
  /** A second disk behind the first one, virtio; nothing boots from it. */
  otherDisk: v.optional(Disk),
  /** An ISO, host path, absolute. It is what boots then, and not the disk. */
  cdrom: v.optional(v.string()),
  /** What QEMU starts itself, as a boot server's loader would; nothing boots from the disk then. */
  kernel: v.optional(Kernel),
  /** Its firmware asks the network first: a boot server sends this file of this folder, a host path. */
  networkBoot: v.optional(v.object({ folder: v.string(), file: v.string() })),
  memoryMiB: v.number(),
  cpus: v.number(),
  firmware: v.picklist(["bios", "uefi"]),
  accelerator: v.picklist(["tcg", "kvm"]),
  /** virtio unless said; `usb` needs the disk's bus to be one. */
  networkCard: v.optional(v.picklist(["virtio", "e1000e", "vmxnet3", "usb", "none"])),
  /** Its cable ends where nobody is: no DHCP server, nothing. */
  isAlone: v.optional(v.boolean()),
  /** Pairs of more virtio cards, a cable between the two of each: card1 and card2, card3 and card4. */
  cables: v.optional(v.number()),
  forwards: v.array(PortForward),
  /** A graphics card; the machine is seen by screenshots only. */
  screen: v.optional(v.boolean()),
  /** A PCI Express slot named `spare`, for what is plugged in while it runs. */
  spareSlot: v.optional(v.boolean()),
  /** An Intel 6300ESB, which resets the machine when nobody feeds it. */
  watchdog: v.optional(v.boolean()),
  /** What its clock says at power-on, such as 1970-01-01; the host's time unless said. */
  clock: v.optional(v.string()),
  /** The guest reaches nothing; forwarded ports still reach the guest. */
  offline: v.boolean(),
});

export type MachineOptions = v.InferOutput<typeof MachineOptionsSchema>;
export type PortForward = v.InferOutput<typeof PortForward>;
export type DiskBus = NonNullable<MachineOptions["diskBus"]>;
export type NetworkCard = Exclude<NonNullable<MachineOptions["networkCard"]>, "none">;
export type Firmware = MachineOptions["firmware"];
export type Accelerator = MachineOptions["accelerator"];
