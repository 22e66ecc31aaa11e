// A support bundle off a device, read on a workstation. It may come from anywhere: nothing of it is written, and its size is bounded.
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import * as v from "valibot";
import { UserError } from "../lib/errors.ts";
import {
  SUPPORT_INDEX,
  type SupportIndex,
  SupportIndexSchema,
  type SupportPart,
  supportParts,
} from "../release/support-bundle.ts";

export interface SupportBundle {
  readonly index: SupportIndex;
  readonly parts: Readonly<Partial<Record<SupportPart, string>>>;
}

/** What a device collects is a few megabytes. */
const MAX_BYTES = 64 * 2 ** 20;

export async function readSupportBundle(path: string): Promise<SupportBundle> {
  const files = await readArchive(path);
  const index = parseIndex(path, files.get(SUPPORT_INDEX));
  const names = Object.keys(supportParts) as SupportPart[];
  return { index, parts: Object.fromEntries(names.map((name) => [name, files.get(name) ?? ""])) };
}

async function readArchive(path: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const archive = extract();
  let total = 0;
  const taking = (async () => {
    for await (const entry of archive) {
      const chunks: Buffer[] = [];
      for await (const chunk of entry as AsyncIterable<Buffer>) {
        total += chunk.length;
        if (total > MAX_BYTES) throw new Error(`it holds more than ${MAX_BYTES / 2 ** 20} MiB`);
        chunks.push(chunk);
      }
      const name = entry.header.name.slice(entry.header.name.lastIndexOf("/") + 1);
      files.set(name, Buffer.concat(chunks).toString());
    }
  })();
  try {
    await Promise.all([pipeline(createReadStream(path), createGunzip(), archive), taking]);
  } catch (cause) {
    throw new UserError(`cannot read the support bundle "${path}"`, {
      cause,
      hint: "`kubesolo-os support` fetches one from a box",
    });
  }
  return files;
}

function parseIndex(path: string, text: string | undefined): SupportIndex {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), SupportIndexSchema), text);
  if (result.success) return result.output;
  throw new UserError(
    `"${path}" is no support bundle: its ${SUPPORT_INDEX} is missing, or of a later version`,
    {
      hint: "take the `kubesolo-os` of the box's version, or a newer one",
    },
  );
}
