// write_files: what it takes is cloud-init's, bit for bit.
import * as v from "valibot";
import { once } from "../../once.ts";
import { normalPath } from "../../storage.ts";
import { anything, listOf, mapping, matching, maybe, truth } from "./kinds.ts";
import { absoluteForm } from "./paths.ts";

const MODE = 'a mode such as "0644"';

/** Text is octal; a number is what YAML made of it: 0644 is 420, and that is the same. */
const permissions = once(() =>
  v.pipe(
    v.union([v.string(MODE), v.number(MODE)], MODE),
    v.check((value) => modeOf(value) !== undefined, MODE),
    v.transform((value) => modeOf(value) as number),
  ),
);

/** gz and gzip, b64 and base64 in all their pairs, and text, as cloud-init's canonicalize_extraction has them. */
const ENCODINGS: Record<string, { isBase64: boolean; isGzip: boolean }> = {
  "text/plain": { isBase64: false, isGzip: false },
  b64: { isBase64: true, isGzip: false },
  base64: { isBase64: true, isGzip: false },
  gz: { isBase64: false, isGzip: true },
  gzip: { isBase64: false, isGzip: true },
  "gz+b64": { isBase64: true, isGzip: true },
  "gzip+b64": { isBase64: true, isGzip: true },
  "gz+base64": { isBase64: true, isGzip: true },
  "gzip+base64": { isBase64: true, isGzip: true },
};

const ENCODING = "b64, gz+b64 or text/plain";
const encoding = once(() =>
  v.pipe(
    v.string(ENCODING),
    v.transform((value) => value.toLowerCase().trim()),
    v.check((value) => value in ENCODINGS, ENCODING),
    v.transform((value) => ENCODINGS[value] as { isBase64: boolean; isGzip: boolean }),
  ),
);

const file = once(() =>
  v.pipe(
    mapping({
      path: v.pipe(absoluteForm, v.description("Where; folders are made."), v.transform(normalPath)),
      content: v.pipe(maybe(v.string("text")), v.description("What is in it; nothing when missing.")),
      encoding: v.pipe(maybe(encoding()), v.description(`How content is written: ${ENCODING}.`)),
      owner: v.pipe(
        maybe(
          matching(
            /^[A-Za-z0-9_][A-Za-z0-9_.-]*(?::[A-Za-z0-9_][A-Za-z0-9_.-]*)?$/,
            'an owner such as "root:root"',
          ),
        ),
        v.description("User and group; root:root when missing."),
      ),
      permissions: v.pipe(maybe(permissions()), v.description('Mode in octal; "0644" when missing.')),
      append: v.pipe(maybe(truth), v.description("Add to the file instead of replacing it.")),
      defer: v.pipe(maybe(truth), v.description("Write it once there is a network, before runcmd.")),
      source: v.pipe(
        anything,
        v.description(
          "Where the content is on the network. It isn't loaded: without content, the file is left out.",
        ),
      ),
    }),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const { content, encoding } = dataset.value;
      if (encoding?.isGzip && !encoding.isBase64) {
        addIssue({ message: "gzip data can't stand in a text; use encoding: gz+b64" });
      } else if (content != null && encoding?.isBase64 && !isBase64(content)) {
        addIssue({ message: "content isn't base64, which its encoding says" });
      }
    }),
  ),
);

export type ConfigFile = v.InferOutput<ReturnType<typeof file>>;

export const fileKeys = {
  write_files: () =>
    v.pipe(
      maybe(listOf(file(), "a list of files, each with path and content")),
      v.description("Files to write, in this order, after bootcmd."),
    ),
};

export function isBase64(text: string): boolean {
  const plain = text.replace(/\s/g, "");
  return plain.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(plain);
}

function modeOf(value: string | number): number | undefined {
  const mode =
    typeof value === "number" ? value : /^(?:0o?)?[0-7]{1,4}$/.test(value) ? octal(value) : Number.NaN;
  return Number.isInteger(mode) && mode >= 0 && mode <= 0o7777 ? mode : undefined;
}

function octal(text: string): number {
  return Number.parseInt(text.replace(/^0o/, ""), 8);
}
