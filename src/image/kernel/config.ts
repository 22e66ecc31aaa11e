// A kernel's configuration, as /boot/config-RELEASE, a build folder's .config or /proc/config.gz have it.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { errorCode, UserError } from "../../lib/errors.ts";

/** Option without "CONFIG_" → y, m, a number or the text of a string; one that is not set isn't there. */
export type KernelConfig = ReadonlyMap<string, string>;

/** Pure; throws for a text that is no kernel's configuration. `name` is for the message. */
export function parseKernelConfig(text: string, name: string): KernelConfig {
  const lines = text.split(/\r?\n/).filter((line) => line !== "");
  const strange = lines.find((line) => !/^(#|CONFIG_\w+=)/.test(line));
  const options = lines.flatMap((line) => {
    const [, option, value] = /^CONFIG_(\w+)=(.*)$/.exec(line) ?? [];
    return option === undefined || value === undefined ? [] : [[option, unquote(value)] as const];
  });
  if (strange !== undefined || options.length === 0) {
    const why = strange === undefined ? "it sets no option" : `it has the line "${strange.slice(0, 60)}"`;
    throw new UserError(`"${name}" is no kernel configuration: ${why}`, { hint: HINT });
  }
  return new Map(options);
}

/** Pure; the text of a configuration that may be packed with gzip. `name` is for the message. */
export function unpackKernelConfig(bytes: Buffer, name: string): string {
  const packed = PACKED.find(({ magic }) => bytes.subarray(0, magic.length / 2).toString("hex") === magic);
  if (packed?.program !== undefined)
    throw new UserError(`cannot read "${name}": it is packed with ${packed.program}`, {
      hint: `unpack it first: ${packed.program} --decompress --stdout "${name}"`,
    });
  if (packed === undefined) return bytes.toString();
  try {
    return gunzipSync(bytes).toString();
  } catch (error) {
    throw new UserError(`cannot unpack "${name}"`, { cause: error, hint: HINT });
  }
}

export function readKernelConfig(path: string): string {
  return unpackKernelConfig(readBytes(path), path);
}

const HINT = "take a whole one: /boot/config-RELEASE, a build folder's .config, or /proc/config.gz";

/** How packed files begin, in hex; what Node can't unpack has the program that can. */
const PACKED: readonly { magic: string; program?: string }[] = [
  { magic: "1f8b" },
  { magic: "fd377a585a00", program: "xz" },
  { magic: "28b52ffd", program: "zstd" },
];

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    throw new UserError(`cannot read the kernel configuration "${path}"`, { cause: error, hint: HINT });
  }
}

function unquote(value: string): string {
  return value.replace(/^"(.*)"$/, "$1");
}
