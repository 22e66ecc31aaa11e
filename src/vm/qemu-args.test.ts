import { expect, test } from "vitest";
import type { MachineOptions } from "./machine-options.ts";
import { planQemuArgs } from "./qemu-args.ts";

const options: MachineOptions = {
  qemu: "/qemu",
  directory: "/build/machine",
  disk: { path: "/build/machine/disk.img", format: "raw" },
  readOnlyDisks: [],
  memoryMiB: 1024,
  cpus: 2,
  firmware: "bios",
  accelerator: "tcg",
  forwards: [],
  offline: false,
};

test("the whole command line of a machine", async () => {
  const args = planQemuArgs({
    ...options,
    firmware: "uefi",
    readOnlyDisks: [{ path: "/build/image/nginx.tar", serial: "images" }],
    forwards: [{ hostPort: 8080, guestPort: 30080 }],
  });
  const lines = args.map((arg) => (arg.startsWith("-") ? `\n${arg}` : ` ${arg}`)).join("");
  await expect(`${lines.trim()}\n`).toMatchFileSnapshot("../../test/golden/qemu-args.txt");
});

const cases: [string, Partial<MachineOptions>, { has?: string; lacks?: string }][] = [
  ["BIOS firmware is QEMU's own", {}, { lacks: "pflash" }],
  ["KVM shows the host's processor", { accelerator: "kvm" }, { has: "-accel kvm -cpu host" }],
  [
    "an overlay is not flushed to the host's disk",
    { disk: { path: "/o", format: "qcow2" } },
    { has: "format=qcow2,cache=unsafe" },
  ],
  ["a kept disk is", {}, { has: "format=raw,cache=writeback" }],
  [
    "a recorded disk's flushes reach the log, and nothing below it",
    { disk: { path: "/o,1", format: "qcow2", writeLog: "/l,2" } },
    {
      has: "driver=blklogwrites,cache=writeback,discard=unmap,log-append=on,log-super-update-interval=1,file.driver=qcow2,file.discard=unmap,file.cache.no-flush=on,file.file.driver=file,file.file.filename=/o,,1,log.driver=file,log.cache.no-flush=on,log.filename=/l,,2",
    },
  ],
  [
    "and its requests stay as the guest made them",
    { disk: { path: "/o", format: "qcow2", writeLog: "/l" } },
    { has: "virtio-blk-pci,request-merging=off,drive=disk" },
  ],
  [
    "a bad sector is one for reading or writing",
    { disk: { path: "/o,1", format: "qcow2", badSectors: [{ sector: 9, on: "write" }] } },
    {
      has: "driver=blkdebug,cache=unsafe,discard=unmap,image.driver=qcow2,image.file.driver=file,image.file.filename=/o,,1,inject-error.0.event=none,inject-error.0.iotype=write,inject-error.0.sector=9,inject-error.0.errno=5,inject-error.0.once=off",
    },
  ],
  [
    "a second disk is there, and isn't what boots",
    { otherDisk: { path: "/c", format: "qcow2" } },
    {
      has: "id=other,format=qcow2,cache=unsafe,discard=unmap,file=/c -device virtio-blk-pci,drive=other,serial=other",
    },
  ],
  ["a comma in a path is not QEMU's comma", { disk: { path: "/a,b", format: "raw" } }, { has: "file=/a,,b" }],
  ["an offline guest reaches nothing", { offline: true }, { has: "user,id=net,restrict=on" }],
  ["a machine has no screen", {}, { lacks: "VGA" }],
  ["unless it is wanted", { screen: true }, { has: "-device VGA" }],
  [
    "a disk may be on NVMe",
    { diskBus: "nvme" },
    { has: "-device nvme,drive=disk,serial=system,bootindex=1" },
  ],
  [
    "or on USB, with a keyboard",
    { diskBus: "usb" },
    {
      has: "qemu-xhci,id=usb -device usb-storage,bus=usb.0,drive=disk,serial=system,bootindex=1 -device usb-kbd",
    },
  ],
  [
    "a kernel is started with its initramfs and command line",
    { kernel: { path: "/vmlinuz", initramfs: "/initramfs.img", commandLine: "quiet" } },
    { has: "-kernel /vmlinuz -initrd /initramfs.img -append quiet" },
  ],
  ["without one the firmware finds what to start", {}, { lacks: "-kernel" }],
  ["without a CD there is no drive", {}, { lacks: "ide-cd" }],
  ["a CD boots before the disk", { cdrom: "/c.iso" }, { has: "-device ide-cd,drive=cdrom,bootindex=0" }],
  [
    "but not before a kernel",
    { cdrom: "/c.iso", kernel: { path: "/vmlinuz", initramfs: "/initramfs.img", commandLine: "quiet" } },
    { has: "-device ide-cd,drive=cdrom -netdev" },
  ],
  ["nobody writes to a CD", { cdrom: "/a,b.iso" }, { has: "readonly=on,file=/a,,b.iso" }],
  [
    "another network card takes virtio's place",
    { networkCard: "e1000e" },
    { has: "e1000e,netdev=net,romfile=", lacks: "virtio-net" },
  ],
  [
    "one on USB is behind the disk's controller, and has no ROM",
    { networkCard: "usb", diskBus: "usb" },
    { has: "-device usb-net,bus=usb.0,netdev=net -chardev", lacks: "romfile" },
  ],
  ["a machine may have no network card", { networkCard: "none" }, { lacks: "net" }],
  [
    "or one that nobody answers",
    { isAlone: true, forwards: [{ hostPort: 1, guestPort: 2 }] },
    { has: "-netdev socket,id=net,udp=127.0.0.1:9", lacks: "hostfwd" },
  ],
  [
    "a boot server is asked before the disk",
    { networkBoot: { folder: "/a,b", file: "boot.ipxe" } },
    { has: ",tftp=/a,,b,bootfile=boot.ipxe -device virtio-net-pci,netdev=net,bootindex=0" },
  ],
  ["there is no card but one", {}, { lacks: "hubport" }],
  [
    "unless two more have a cable between them",
    { cables: 1 },
    {
      has: "-netdev hubport,id=cable1,hubid=1 -device virtio-net-pci,netdev=cable1,id=card1,mac=52:54:00:00:00:01,romfile= -netdev hubport,id=cable2,hubid=1 -device virtio-net-pci,netdev=cable2,id=card2",
    },
  ],
  ["each cable is one of its own", { cables: 2 }, { has: "hubport,id=cable3,hubid=2" }],
  ["the host's time is the machine's", {}, { lacks: "-rtc" }],
  ["unless it is told another", { clock: "1970-01-01" }, { has: "-rtc base=1970-01-01" }],
  ["no watchdog unless it is wanted", {}, { lacks: "watchdog" }],
  ["a watchdog resets the machine", { watchdog: true }, { has: "-device i6300esb -action watchdog=reset" }],
  ["there may be a slot for later", { spareSlot: true }, { has: "-device pcie-root-port,id=spare" }],
  [
    "a port may be forwarded to an address that DHCP didn't give",
    { forwards: [{ hostPort: 1, guestPort: 2, guestAddress: "10.0.2.77" }] },
    { has: "hostfwd=tcp:127.0.0.1:1-10.0.2.77:2" },
  ],
  [
    "ports are open on this host only",
    { forwards: [{ hostPort: 1, guestPort: 2 }] },
    { has: "hostfwd=tcp:127.0.0.1:1-:2" },
  ],
];

test.each(cases)("%s", (_, change, { has, lacks }) => {
  const line = planQemuArgs({ ...options, ...change }).join(" ");
  if (has !== undefined) expect(line).toContain(has);
  if (lacks !== undefined) expect(line).not.toContain(lacks);
});
