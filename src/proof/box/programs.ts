// What programs do on a box in memory: as much of each as the agent calls. All others print nothing and succeed.
import type { RunResult } from "../../agent/host.ts";
import { type ByteMath, type Files, hasBelow, placeOf } from "./memory-host.ts";

/** What programs see and change of a box. */
export interface ProgramWorld {
  readonly files: Files;
  readonly math: ByteMath;
  /** A folder that is seen at another path. */
  readonly mounts: Map<string, string>;
  /** What `kubesolo status` says. */
  isHealthy: boolean;
  isRebooting: boolean;
}

type Program = (box: ProgramWorld, args: readonly string[]) => Partial<RunResult> | undefined;

export function boxPrograms(
  box: ProgramWorld,
  [program = "", ...args]: readonly string[],
): Partial<RunResult> | undefined {
  return programs[program]?.(box, args);
}

const programs: Readonly<Record<string, Program>> = {
  uname: () => ({ stdout: "x86_64\n" }),
  mount(box, args) {
    const [device = "", folder = ""] = args.slice(-2);
    box.mounts.set(folder, `/disks/${nameOf(device)}`);
    return undefined;
  },
  umount(box, args) {
    box.mounts.delete(args.at(-1) ?? "");
    return undefined;
  },
  "/usr/sbin/mke2fs"(box, args) {
    removeBelow(box, `/disks/${nameOf(args.at(-1) ?? "")}`);
    return undefined;
  },
  filefrag(_box, args) {
    const first = (args.at(-1) ?? "").includes("state-1") ? 8 : 32;
    return { stdout: `   0:  0..  1:  ${first}..  ${first + 1}:  2: last,eof\n` };
  },
  cp(box, args) {
    const [from = "", to = ""] = args.slice(-2).map((path) => placeOf(box.mounts, path));
    for (const [name, entry] of [...box.files])
      if (name === from || name.startsWith(`${from}/`)) box.files.set(to + name.slice(from.length), entry);
    return undefined;
  },
  tail(box, args) {
    const texts = args.filter((each) => each.startsWith("/")).map((path) => textOf(box, path));
    return { stdout: texts.join("") };
  },
  test(box, args) {
    const path = placeOf(box.mounts, args.at(-1) ?? "");
    return { exitCode: box.files.has(path) || hasBelow(box.files, path) ? 0 : 1 };
  },
  reboot(box) {
    box.isRebooting = true;
    return undefined;
  },
  date: () => ({ stdout: "1 12:00\n" }),
  kubesolo(box, args) {
    if (args[0] !== "status") return undefined;
    const unit = box.isHealthy ? { state: "ready" } : { state: "failing", reason: "not ready" };
    const answer = { ready: box.isHealthy, summary: "", units: [{ name: "kubelet", ...unit }] };
    return { exitCode: box.isHealthy ? 0 : 1, stdout: JSON.stringify(answer) };
  },
};

function nameOf(device: string): string {
  return device.slice(device.lastIndexOf("/") + 1);
}

function removeBelow(box: ProgramWorld, folder: string): void {
  for (const name of [...box.files.keys()]) if (name.startsWith(`${folder}/`)) box.files.delete(name);
}

function textOf({ files, math }: ProgramWorld, path: string): string {
  const entry = files.get(path);
  if (entry?.kind !== "file") return "";
  try {
    return math.decodeUtf8(entry.content);
  } catch (error) {
    // A program's output is bytes; what they aren't good for becomes a mark.
    if (error instanceof Error && error.name === "HostError") return "\ufffd\n";
    throw error;
  }
}
