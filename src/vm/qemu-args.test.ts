import { expect, test } from "vitest";
import type { MachineOptions } from "./machine-options.ts";
import { planQemuArgs } from "./qemu-args.ts";

const options: MachineOptions = {
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
  const args = planQemuArgs(
    {
      ...options,
      firmware: "uefi",
      readOnlyDisks: [{ path: "/build/image/nginx.tar", serial: "images" }],
      forwards: [{ hostPort: 8080, guestPort: 30080 }],
    },
    "/firmware/code.fd",
  );
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
  ["nobody writes to a CD", { cdrom: "/a,b.iso" }, { has: "readonly=on,file=/a,,b.iso" }],
  [
    "another network card takes virtio's place",
    { networkCard: "e1000e" },
    { has: "e1000e,netdev=net,romfile=", lacks: "virtio-net" },
  ],
  [
    "ports are open on this host only",
    { forwards: [{ hostPort: 1, guestPort: 2 }] },
    { has: "hostfwd=tcp:127.0.0.1:1-:2" },
  ],
];

test.each(cases)("%s", (_, change, { has, lacks }) => {
  const line = planQemuArgs({ ...options, ...change }, "").join(" ");
  if (has !== undefined) expect(line).toContain(has);
  if (lacks !== undefined) expect(line).not.toContain(lacks);
});
