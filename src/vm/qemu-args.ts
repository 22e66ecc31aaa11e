// Pure: the arguments of QEMU for a machine. QEMU runs inside the machine's directory, so its own files
// are named without one (a unix socket's path may have no more than 107 bytes).
import { firmwareFolders, uefiCode } from "./firmware.ts";
import type { Accelerator, DiskBus, MachineOptions, NetworkCard } from "./machine-options.ts";

/** Files of a machine, inside its directory. */
export const machineFiles = {
  channel: "channel.sock",
  console: "console.sock",
  consoleLog: "console.log",
  firmwareVariables: "firmware-variables.fd",
  qemuLog: "qemu.log",
  qmp: "qmp.sock",
  /** What the guest writes to its serial line behind USB. */
  serialLine: "serial-line.log",
  state: "machine.json",
} as const;

/** The name by which init/services/channel finds its port. */
const channelPort = "org.kubesolo-os.channel";

export function planQemuArgs(options: MachineOptions): string[] {
  return [
    ...["-name", "kubesolo-os"],
    ...firmwareFolders(options.qemu).flatMap((folder) => ["-L", folder]),
    ...["-machine", "q35"],
    ...acceleratorArgs[options.accelerator],
    ...["-smp", String(options.cpus)],
    ...["-m", String(options.memoryMiB)],
    ...["-nodefaults", "-display", "none"],
    ...(options.screen ? ["-device", "VGA"] : []),
    ...(options.clock === undefined ? [] : ["-rtc", `base=${options.clock}`]),
    ...(options.watchdog ? ["-device", "i6300esb", "-action", "watchdog=reset"] : []),
    ...(options.spareSlot ? ["-device", "pcie-root-port,id=spare,chassis=1,slot=1"] : []),
    ...firmwareArgs(options),
    ...kernelArgs(options),
    ...["-device", "virtio-rng-pci"],
    ...diskArgs(options),
    ...otherDiskArgs(options),
    ...cdromArgs(options),
    ...options.readOnlyDisks.flatMap(readOnlyDiskArgs),
    ...networkArgs(options),
    ...Array.from({ length: options.cables ?? 0 }, (_, index) => cableArgs(index)).flat(),
    ...[
      "-chardev",
      socket("console", machineFiles.console, `,logfile=${machineFiles.consoleLog},logappend=on`),
    ],
    ...["-serial", "chardev:console"],
    ...["-chardev", socket("channel", machineFiles.channel)],
    ...["-device", "virtio-serial-pci"],
    ...["-device", `virtserialport,chardev=channel,name=${channelPort}`],
    ...["-qmp", `unix:${machineFiles.qmp},server=on,wait=off`],
  ];
}

const plainFeatures = ",ssse3=on,sse4.1=on,sse4.2=on,popcnt=on,rdrand=on";

/**
 * For emulation, a plain CPU: Go and the kernel take AVX and AES when offered, and emulating those costs more than
 * they save (74 against 120 CPU-seconds to Ready, in QEMU 7.2 as all that follows). `cx16=off`: with two CPUs some boots
 * panicked in cmpxchg16b. `rdrand=on`: with it the kernel has random numbers before its second CPU; later, it patches its own
 * code for that (the static key crng_is_ready) while the other CPU runs it, which that emulation got wrong: one boot in
 * about twenty panicked in get_random_u64. `tb-size`: Kubernetes translates to 540 MB of code; in less, over and over.
 */
export const acceleratorArgs: Readonly<Record<Accelerator, readonly string[]>> = {
  tcg: ["-accel", "tcg,thread=multi,tb-size=1024", "-cpu", `qemu64,cx16=off${plainFeatures}`],
  kvm: ["-accel", "kvm", "-cpu", "host"],
};

function firmwareArgs({ firmware, qemu }: MachineOptions): string[] {
  if (firmware === "bios") return [];
  return [
    ...["-drive", `if=pflash,format=raw,readonly=on,file=${escapeComma(uefiCode(qemu))}`],
    ...["-drive", `if=pflash,format=raw,file=${machineFiles.firmwareVariables}`],
  ];
}

function kernelArgs({ kernel }: MachineOptions): string[] {
  if (kernel === undefined) return [];
  return ["-kernel", kernel.path, "-initrd", kernel.initramfs, "-append", kernel.commandLine];
}

function diskArgs({ disk, diskBus = "virtio" }: MachineOptions): string[] {
  const { writeLog, badSectors } = disk;
  const isPlain = writeLog === undefined && badSectors === undefined;
  const device = diskDevices[diskBus].map((arg) => (isPlain ? arg : unmerged(arg)));
  return ["-drive", `if=none,id=disk,${driveOf(disk)}`, ...device];
}

function otherDiskArgs({ otherDisk }: MachineOptions): string[] {
  if (otherDisk === undefined) return [];
  const device = "virtio-blk-pci,drive=other,serial=other";
  return ["-drive", `if=none,id=other,${driveOf(otherDisk)}`, "-device", device];
}

function driveOf(disk: MachineOptions["disk"]): string {
  if (disk.writeLog !== undefined) return recordedDrive(disk, disk.writeLog);
  return disk.badSectors === undefined ? plainDrive(disk) : failingDrive(disk, disk.badSectors);
}

/** A request with such a sector in it ends with EIO. QEMU, docs/devel/blkdebug. */
function failingDrive(
  { format, path }: MachineOptions["disk"],
  bad: NonNullable<MachineOptions["disk"]["badSectors"]>,
): string {
  const rules = bad.map(({ sector, on }, index) => {
    const rule = `inject-error.${index}`;
    return `${rule}.event=none,${rule}.iotype=${on},${rule}.sector=${sector},${rule}.errno=5,${rule}.once=off`;
  });
  return [
    "driver=blkdebug,cache=unsafe,discard=unmap",
    `image.driver=${format},image.file.driver=file,image.file.filename=${escapeComma(path)}`,
    ...rules,
  ].join(",");
}

/** An overlay need not survive the host's power failing; a guest's flush still reaches the file. */
function plainDrive({ format, path }: MachineOptions["disk"]): string {
  const cache = format === "qcow2" ? "unsafe" : "writeback";
  return `format=${format},cache=${cache},discard=unmap,file=${escapeComma(path)}`;
}

/**
 * Flushes have to reach the log, and nothing below it. The log says after each entry how many there are, so that it is whole when QEMU is
 * killed. QEMU, docs/interop/qmp-ref, BlockdevOptionsBlklogwrites.
 */
function recordedDrive({ format, path }: MachineOptions["disk"], log: string): string {
  return [
    "driver=blklogwrites,cache=writeback,discard=unmap,log-append=on,log-super-update-interval=1",
    `file.driver=${format},file.discard=unmap,file.cache.no-flush=on`,
    `file.file.driver=file,file.file.filename=${escapeComma(path)}`,
    `log.driver=file,log.cache.no-flush=on,log.filename=${escapeComma(log)}`,
  ].join(",");
}

/**
 * What QEMU joins of a guest's requests has as many pieces as a write of the host may have, and the log adds one: EINVAL, seen by the
 * guest as EIO. And an error is one of the request that the guest made.
 */
function unmerged(device: string): string {
  return device.replace(/^virtio-blk-pci,/, "$&request-merging=off,");
}

/** Before the disk: the firmware takes the lowest index, which a kernel has. On q35's own SATA controller. */
function cdromArgs({ cdrom, kernel }: MachineOptions): string[] {
  if (cdrom === undefined) return [];
  return [
    ...["-drive", `if=none,id=cdrom,media=cdrom,format=raw,readonly=on,file=${escapeComma(cdrom)}`],
    ...["-device", `ide-cd,drive=cdrom${kernel === undefined ? ",bootindex=0" : ""}`],
  ];
}

/** Behind USB there are a keyboard and a serial line besides. */
const diskDevices: Readonly<Record<DiskBus, readonly string[]>> = {
  virtio: ["-device", "virtio-blk-pci,drive=disk,serial=system,bootindex=1"],
  nvme: ["-device", "nvme,drive=disk,serial=system,bootindex=1"],
  usb: [
    ...["-device", "qemu-xhci,id=usb"],
    ...["-device", "usb-storage,bus=usb.0,drive=disk,serial=system,bootindex=1"],
    ...["-device", "usb-kbd,bus=usb.0"],
    ...["-chardev", `file,id=line,path=${machineFiles.serialLine}`],
    ...["-device", "usb-serial,bus=usb.0,chardev=line,always-plugged=on"],
  ],
  pvscsi: [
    ...["-device", "pvscsi,id=scsi"],
    ...["-device", "scsi-hd,bus=scsi.0,drive=disk,serial=system,bootindex=1"],
  ],
  sd: ["-device", "sdhci-pci", "-device", "sd-card,drive=disk"],
};

function readOnlyDiskArgs(disk: { path: string; serial: string }, index: number): string[] {
  return [
    ...["-drive", `if=none,id=extra${index},format=raw,readonly=on,file=${escapeComma(disk.path)}`],
    ...["-device", `virtio-blk-pci,drive=extra${index},serial=${disk.serial}`],
  ];
}

/** No boot ROM unless asked for: a machine whose disk does not boot must say so, not ask the network. */
function networkArgs(options: MachineOptions): string[] {
  const { networkCard = "virtio", isAlone = false, networkBoot } = options;
  if (networkCard === "none") return [];
  const boot = networkBoot === undefined ? withoutBootRom[networkCard] : ",bootindex=0";
  return [
    ...["-netdev", isAlone ? nobody : userNetwork(options)],
    ...["-device", `${networkDevices[networkCard]},netdev=net${boot}`],
  ];
}

/** A hub with two ports. The hub 0 is a lonely machine's. */
function cableArgs(index: number): string[] {
  return [2 * index + 1, 2 * index + 2].flatMap((number) => [
    ...["-netdev", `hubport,id=cable${number},hubid=${index + 1}`],
    ...["-device", `virtio-net-pci,netdev=cable${number},id=card${number},mac=${cardMac(number)},romfile=`],
  ]);
}

/** The first card has QEMU's own, 52:54:00:12:34:56. */
export function cardMac(number: number): string {
  return `52:54:00:00:00:0${number}`;
}

/** What is sent goes to a port of this host that discards it (RFC 863), if there is anyone at all. */
const nobody = "socket,id=net,udp=127.0.0.1:9,localaddr=127.0.0.1:0";

function userNetwork({ forwards, offline, networkBoot }: MachineOptions): string {
  const rules = forwards.map(
    ({ hostPort, guestPort, guestAddress = "" }) =>
      `,hostfwd=tcp:127.0.0.1:${hostPort}-${guestAddress}:${guestPort}`,
  );
  const boot =
    networkBoot === undefined ? "" : `,tftp=${escapeComma(networkBoot.folder)},bootfile=${networkBoot.file}`;
  return `user,id=net${offline ? ",restrict=on" : ""}${boot}${rules.join("")}`;
}

const networkDevices: Readonly<Record<NetworkCard, string>> = {
  virtio: "virtio-net-pci",
  e1000e: "e1000e",
  vmxnet3: "vmxnet3",
  usb: "usb-net,bus=usb.0",
};

const withoutBootRom: Readonly<Record<NetworkCard, string>> = {
  virtio: ",romfile=",
  e1000e: ",romfile=",
  vmxnet3: ",romfile=",
  usb: "",
};

function socket(id: string, path: string, more = ""): string {
  return `socket,id=${id},path=${path},server=on,wait=off${more}`;
}

function escapeComma(path: string): string {
  return path.replaceAll(",", ",,");
}
