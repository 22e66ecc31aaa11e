// Can this host run a guest on /dev/kvm? The device alone proves nothing: in some sandboxes it opens and every
// kernel hangs. So a kernel without a root file system is booted: when it panics about that, KVM works.
import { constants, open, readFile, writeFile } from "node:fs/promises";
import * as v from "valibot";
import { UserError } from "../lib/errors.ts";
import { readLines } from "../lib/lines.ts";
import { programArgs } from "../lib/locked-tools.ts";
import { log } from "../lib/log.ts";
import { firmwareFolders } from "./firmware.ts";
import type { Accelerator } from "./machine-options.ts";
import { acceleratorArgs } from "./qemu-args.ts";

const probeMs = 10_000;
const proof = "Unable to mount root fs";

const Verdict = v.object({ bootId: v.string(), accelerator: v.picklist(["tcg", "kvm"]) });

/** Host paths: QEMU as in a machine's options, and the kernel that it starts. */
interface Guest {
  readonly qemu: string;
  readonly kernel: string;
}

/** The accelerator for this host; the verdict is kept in `cachePath` until the host reboots. */
export async function findAccelerator(guest: Guest, cachePath: string): Promise<Accelerator> {
  const wish = parseWish(process.env["KUBESOLO_ACCEL"]);
  if (wish !== undefined) return wish;
  if (!(await canOpenKvm())) return "tcg";
  const bootId = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
  const known = await readVerdict(cachePath);
  if (known?.bootId === bootId) return known.accelerator;
  const accelerator = (await runProbe(guest)) ? "kvm" : "tcg";
  if (accelerator === "tcg") log("/dev/kvm opens but no guest boots on it: using software emulation");
  await writeFile(cachePath, `${JSON.stringify({ bootId, accelerator })}\n`);
  return accelerator;
}

/** Pure: what KUBESOLO_ACCEL asks for. */
export function parseWish(text: string | undefined): Accelerator | undefined {
  if (text === undefined || text === "") return undefined;
  if (text === "tcg" || text === "kvm") return text;
  throw new UserError(`cannot use KUBESOLO_ACCEL="${text}"`, { hint: "set it to tcg or kvm, or unset it" });
}

/** A machine with this kernel and nothing else. */
function planProbeArgs({ qemu, kernel }: Guest): string[] {
  return [
    ...programArgs(qemu, "qemu-system-x86_64"),
    ...firmwareFolders(qemu).flatMap((folder) => ["-L", folder]),
    ...["-machine", "q35"],
    ...acceleratorArgs.kvm,
    ...["-m", "256"],
    ...["-nodefaults", "-display", "none", "-serial", "stdio", "-no-reboot"],
    ...["-kernel", kernel],
    ...["-append", "console=ttyS0 panic=-1"],
  ];
}

async function canOpenKvm(): Promise<boolean> {
  try {
    const device = await open("/dev/kvm", constants.O_RDWR);
    await device.close();
    return true;
  } catch {
    return false; // none, or not ours to use: either way not KVM
  }
}

/** A file that is missing or damaged is only a reason to probe again. */
async function readVerdict(path: string): Promise<v.InferOutput<typeof Verdict> | undefined> {
  try {
    return v.parse(Verdict, JSON.parse(await readFile(path, "utf8")));
  } catch {
    return undefined;
  }
}

async function runProbe(guest: Guest): Promise<boolean> {
  for await (const line of readLines(planProbeArgs(guest), { timeoutMs: probeMs })) {
    if (line.includes(proof)) return true;
  }
  return false;
}
