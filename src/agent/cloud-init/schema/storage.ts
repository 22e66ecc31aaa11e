// swap: a file on the data partition, or compressed memory.
import * as v from "valibot";
import { once } from "../../once.ts";
import { ignored } from "./key-notes.ts";
import { mapping, maybe } from "./kinds.ts";
import { absolutePath } from "./paths.ts";

const SIZE = "a size in bytes such as 512M or 2G";
const UNITS: Record<string, number> = { "": 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };
const WRITTEN = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?$/i;

/** As cloud-init's human2bytes: the units are powers of 1024. */
export const size = once(() =>
  v.pipe(
    v.union([v.string(SIZE), v.number(SIZE)], SIZE),
    v.transform(sizeInBytes),
    v.check((bytes) => bytes === 0 || (bytes >= 2 ** 20 && bytes <= 2 ** 40), `${SIZE}, a megabyte at least`),
  ),
);

export const storageKeys = {
  swap: () =>
    v.pipe(
      maybe(
        mapping({
          filename: v.pipe(
            maybe(absolutePath),
            v.description("A file on the data partition. Without it, swap is compressed memory (zram)."),
          ),
          size: v.pipe(
            maybe(v.union([v.literal("auto"), size()], SIZE)),
            v.description("How much, such as 512M; 0 for none. auto has no effect."),
          ),
          maxsize: ignored("it is about size: auto, which this node doesn't have"),
        }),
      ),
      v.description("Memory to move things to that aren't used."),
    ),
};

function sizeInBytes(value: string | number): number {
  if (typeof value === "number") return Number.isInteger(value) && value >= 0 ? value : Number.NaN;
  const [, number, unit] = WRITTEN.exec(value.trim()) ?? [];
  return Math.round(Number(number) * (UNITS[(unit ?? "").toUpperCase()] as number));
}
