// The disk for hypervisors, without its holes.
import { renameSync } from "node:fs";
import { join } from "node:path";
import { disk } from "./disk.ts";
import type { Output } from "./output.ts";

export const qcow2: Output = {
  file: "kubesolo-os.qcow2",
  what: "the same disk in QEMU's format",
  from: "disk",
  async make(path, { folder }, tools) {
    const unfinished = `${path}.new`;
    // One coroutine: with several, which cluster comes first is a matter of luck.
    const order = ["-m", "1", "-f", "raw", "-O", "qcow2"];
    await tools.run(["qemu-img", "convert", ...order, join(folder, disk.file), unfinished]);
    renameSync(unfinished, path);
  },
};
