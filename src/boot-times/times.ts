// The times of one boot, as the device wrote them down. Pure.
import * as v from "valibot";
import { UserError } from "../lib/errors.ts";

const Part = v.object({
  /** "initramfs", a stage such as "50-network", or "engine". */
  name: v.string(),
  /** Seconds since the kernel started. */
  started: v.number(),
  /** Likewise; of the engine: when it was ready. */
  ended: v.number(),
});

const BootTimes = v.object({ parts: v.pipe(v.array(Part), v.minLength(1)) });

export type BootPart = v.InferOutput<typeof Part>;

/** Reads /run/kubesolo-os/boot.json, which init/services/boot-times writes. */
export function parseBootTimes(text: string, where: string): readonly BootPart[] {
  try {
    return v.parse(BootTimes, JSON.parse(text)).parts;
  } catch (cause) {
    throw new UserError(`"${where}" does not hold the times of a boot`, {
      cause,
      hint: "give a copy of /run/kubesolo-os/boot.json of a machine",
    });
  }
}
