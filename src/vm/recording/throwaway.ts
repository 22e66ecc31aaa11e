// A part of a disk that tools may write to, seen as a file of its own, of which nothing stays: an overlay that QEMU shows through FUSE.
// Of its own, because e2fsck forgets an offset into a file when it has played the journal.
import { closeSync, existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { readTextIfThere } from "../../lib/files.ts";
import { programArgs } from "../../lib/locked-tools.ts";
import { findProcess } from "../../lib/process.ts";
import { run } from "../../lib/run.ts";
import { becomesTrue } from "../../lib/wait.ts";
import { makeOverlay } from "../overlay.ts";

/** Does something with a file that begins as a raw disk is from `startBytes` on; `path`, a host path, is where it lies. Without FUSE it is a copy. */
export async function withThrowaway<T>(
  qemu: string,
  { disk, startBytes }: { readonly disk: string; readonly startBytes: number },
  path: string,
  work: (file: string) => Promise<T>,
): Promise<T> {
  const overlay = `${path}.qcow2`;
  const pidFile = `${path}.pid`;
  await stop(pidFile); // of a run that was interrupted
  for (const file of [path, overlay, pidFile]) rmSync(file, { force: true });
  try {
    if (!existsSync("/dev/fuse")) {
      const part = `driver=raw,offset=${startBytes},file.driver=file,file.filename=${disk}`;
      await run([...programArgs(qemu, "qemu-img"), "convert", "-O", "raw", "--image-opts", part, path]);
    } else {
      await makeOverlay(qemu, disk, overlay);
      closeSync(openSync(path, "w"));
      await run([
        ...programArgs(qemu, "qemu-storage-daemon"),
        ...exportArgs(overlay, startBytes, path, pidFile),
      ]);
    }
    return await work(path);
  } finally {
    await stop(pidFile);
    for (const file of [path, overlay, pidFile]) rmSync(file, { force: true });
  }
}

function exportArgs(overlay: string, startBytes: number, path: string, pidFile: string): string[] {
  return [
    ...["--daemonize", "--pidfile", pidFile],
    ...["--blockdev", `driver=file,node-name=file,cache.no-flush=on,filename=${overlay}`],
    ...["--blockdev", "driver=qcow2,node-name=disk,file=file"],
    ...["--blockdev", `driver=raw,node-name=part,offset=${startBytes},file=disk`],
    ...["--export", `type=fuse,id=export,node-name=part,mountpoint=${path},writable=on`],
  ];
}

async function stop(pidFile: string): Promise<void> {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, "utf8"));
  // Or another process, which has its number since.
  const words = readTextIfThere(`/proc/${pid}/cmdline`) ?? "";
  if (!words.includes(pidFile)) return;
  process.kill(pid, "SIGTERM");
  // It is nobody's child: that its exit code is fetched, too, may take the host's first process seconds.
  await becomesTrue(() => findProcess(pid) === undefined, { timeoutMs: 10_000, everyMs: 10 });
}
