// Pure: from what was measured of boots and builds to the figures that have a target. See docs/benchmarks.md.
import type { BootPart } from "../boot-times/times.ts";
import { median, round } from "./figures.ts";

/** One power-on of our image. */
export interface OurBoot {
  /** From power-on to the node's Ready. */
  readonly readySeconds: number;
  /** From the kernel's start to the first process. */
  readonly firstProcessSeconds: number;
  /** From the kernel's start to the engine's. */
  readonly handOverSeconds: number;
}

export interface BootMeasured {
  readonly commit: string;
  readonly date: string;
  readonly accelerator: string;
  readonly ours: readonly OurBoot[];
  /** From the kernel's start to the first process. */
  readonly bareSeconds: readonly number[];
  /** From the kernel's start to multi-user.target. */
  readonly systemdSeconds: readonly number[];
  readonly isoBytes: number;
  readonly assembleSeconds: number;
  /** After a change, and after the change back. */
  readonly rebuildSeconds: readonly number[];
}

/** The keys are those that the project's targets are named by. */
export interface BootResult {
  readonly ready_seconds_512: number;
  readonly init_ratio_bare: number;
  readonly init_ratio_systemd: number;
  readonly iso_bytes: number;
  readonly assemble_seconds: number;
  readonly rebuild_seconds: number;
  readonly raw: BootMeasured;
}

export function planBootResult(measured: BootMeasured): BootResult {
  const { ours, bareSeconds, systemdSeconds, isoBytes, assembleSeconds, rebuildSeconds } = measured;
  const handOver = median(ours.map(({ handOverSeconds }) => handOverSeconds));
  return {
    ready_seconds_512: round(median(ours.map(({ readySeconds }) => readySeconds)), 1),
    init_ratio_bare: round(handOver / median(bareSeconds), 2),
    init_ratio_systemd: round(handOver / median(systemdSeconds), 2),
    iso_bytes: isoBytes,
    assemble_seconds: round(assembleSeconds, 1),
    rebuild_seconds: round(median(rebuildSeconds), 1),
    raw: measured,
  };
}

/** What /run/kubesolo-os/boot.json tells of the way to the engine. */
export function handOverOf(parts: readonly BootPart[]): Omit<OurBoot, "readySeconds"> {
  const stages = parts.filter(({ name }) => /^\d\d-/.test(name));
  const [first] = parts;
  const last = stages.at(-1);
  if (first?.name !== "initramfs" || last === undefined)
    throw new Error(`no initramfs and no stages in: ${parts.map(({ name }) => name).join()}`);
  return { firstProcessSeconds: first.started, handOverSeconds: last.ended };
}
