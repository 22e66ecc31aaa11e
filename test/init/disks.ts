// A machine with disks, for the tests of 20-persistent-mount.
import type { ScriptSetup } from "./script.ts";

export const sectors = (mebibytes: number) => `${mebibytes * 2048}\n`;

/** vda5 as blkid sees it. */
export const data = "/dev/vda5 LABEL=KSOLODATA PARTLABEL=KSOLODATA PART_ENTRY_NAME=KSOLODATA TYPE=ext4\n";

/** How sfdisk is called. */
export const quiet = "sfdisk --quiet --no-reread --no-tell-kernel --wipe never --wipe-partitions never";

export interface Disks {
  /** Of vda, whose slot is behind its first MiB. */
  readonly diskMib?: number;
  /** Of vda5, which lies behind 1000 MiB; 0 for none. */
  readonly dataMib?: number;
  readonly fileSystemMib?: number;
  readonly blkid?: string;
  /** What vda5 holds, if it is no ext4. */
  readonly content?: Uint8Array;
  readonly files?: ScriptSetup["files"];
  readonly cmdline?: string;
  readonly env?: ScriptSetup["env"];
}

/** A machine that was started from vda, with a second disk beside it. */
export function machine(disks: Disks = {}): ScriptSetup {
  const { diskMib = 2001, dataMib = 1000, fileSystemMib = dataMib, blkid = data, cmdline, env = {} } = disks;
  const vda = "sys/devices/vda";
  const vda5 = {
    [`${vda}/vda5/partition`]: "5\n",
    [`${vda}/vda5/start`]: sectors(1000),
    [`${vda}/vda5/size`]: sectors(dataMib),
    "dev/vda5": disks.content ?? superblock(fileSystemMib),
  };
  return {
    cmdline: cmdline ?? "kubesolo.root=PARTUUID=own",
    env,
    files: {
      blkid: `${blkid}/dev/vda3 PARTUUID=own\n`,
      "run/kubesolo-os/boot-disk": "vda\n",
      "usr/lib/kubesolo-os/factory-ids": "from-the-factory\n",
      "usr/sbin/mke2fs": '#!/bin/sh\necho "mke2fs $*" >>"$ROOT/calls"\n',
      [`${vda}/size`]: sectors(diskMib),
      [`${vda}/vda3/partition`]: "3\n",
      [`${vda}/vda3/start`]: sectors(1),
      [`${vda}/vda3/size`]: sectors(512),
      "sys/devices/vdb/vdb5/partition": "5\n",
      "sys/devices/vdb/vdb5/size": sectors(100),
      "dev/vdb5": superblock(100),
      ...(dataMib > 0 && vda5),
      ...disks.files,
    },
    links: {
      "sys/class/block/vda": "../../devices/vda",
      "sys/class/block/vda3": "../../devices/vda/vda3",
      "sys/class/block/vda5": "../../devices/vda/vda5",
      "sys/class/block/vdb": "../../devices/vdb",
      "sys/class/block/vdb5": "../../devices/vdb/vdb5",
    },
  };
}

/** The beginning of an ext4 file system with blocks of 4 KiB. */
function superblock(mebibytes: number): Uint8Array {
  const block = Buffer.alloc(2048);
  block.writeUInt32LE(mebibytes * 256, 1024 + 4);
  block.writeUInt32LE(2, 1024 + 24);
  return block;
}

export const mountOf = (device: string) => `mount -t ext4 -o noatime ${device} /data`;
