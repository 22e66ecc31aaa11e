// The disk for hypervisors, without its holes: QEMU's format, VMware's and Microsoft's.
import { join } from "node:path";
import { type DiskFormat, writeAs } from "../disk-formats.ts";
import { disk } from "./disk.ts";
import type { Output } from "./output.ts";

export const qcow2 = diskAs("qcow2", "kubesolo-os.qcow2", "the same disk in QEMU's format");
export const vmdk = diskAs("vmdk", "kubesolo-os.vmdk", "the same disk for VMware and VirtualBox");
export const vhd = diskAs("vhd", "kubesolo-os.vhd", "the same disk for Hyper-V and Azure, sparse");

function diskAs(format: DiskFormat, file: string, what: string): Output {
  return {
    file,
    what,
    from: "disk",
    make: (path, { folder, release }, tools) =>
      writeAs(format, join(folder, disk.file), path, tools, JSON.stringify(release)),
  };
}
