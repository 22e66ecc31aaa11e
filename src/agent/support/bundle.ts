// Puts a support bundle together: all that somebody needs to find out what is wrong with this machine, in one archive, and nothing
// secret. It is done in memory: the disk may be what is full or broken.
import {
  SUPPORT_INDEX,
  type SupportIndex,
  type SupportPart,
  supportParts,
} from "../../release/support-bundle.ts";
import { MAX_SOURCE_BYTES } from "../cloud-init/source.ts";
import { readReport } from "../configuration/report.ts";
import { isHostFailure, readOwnText } from "../expected.ts";
import type { Host } from "../host.ts";
import { places } from "../places.ts";
import { readSystem } from "../update/box.ts";
import { runOrFail } from "../update/failure.ts";
import { processId, runs } from "../update/process.ts";
import { type DecodeText, knownSecrets } from "./known-secrets.ts";
import { makeMask } from "./mask.ts";
import { askCluster, takePart } from "./take.ts";

const FOLDER = "kubesolo-os-support";
const PACK_MS = 120_000;

/** Throws what isTold knows. */
export function writeBundle(host: Host, file: string): void {
  removeLeftovers(host);
  const place = `${places.supportFolder}/${processId(host)}`;
  try {
    collect(host, `${place}/${FOLDER}`);
    // Only its owner may read it: tar keeps the mode of a file that is there.
    host.writeFile(file, "", { mode: 0o600 });
    runOrFail(host, ["tar", "-czf", file, "-C", place, FOLDER], PACK_MS);
  } finally {
    host.remove(place);
  }
}

export function machineName(host: Host): string {
  return readOwnText(host, places.hostname, 256)?.trim() ?? "";
}

function collect(host: Host, folder: string): void {
  const decision = readReport(host)?.decision;
  const mask = makeMask(decision === undefined ? [] : knownSecrets(decision, decoder(host)));
  const cluster = askCluster(host);
  const missing: Record<string, string> = {};
  const write = (name: string, text: string) => host.writeFile(`${folder}/${name}`, text, { mode: 0o600 });
  host.makeDirectory(folder, { mode: 0o700 });
  for (const name of Object.keys(supportParts) as SupportPart[]) {
    host.print("stderr", `collecting ${name}`);
    const { text, problem } = takePart(host, name, cluster);
    if (problem !== undefined) missing[name] = mask(problem);
    write(name, mask(text));
  }
  const index: SupportIndex = {
    format: 1,
    madeMs: host.now(),
    version: readSystem(host).version,
    machine: machineName(host),
    missing,
  };
  write(SUPPORT_INDEX, `${JSON.stringify(index, undefined, 1)}\n`);
}

function decoder(host: Host): DecodeText {
  return (base64, isGzip) => {
    try {
      const bytes = host.decodeBase64(base64);
      return host.decodeUtf8(isGzip ? host.decompress(bytes, "gzip", MAX_SOURCE_BYTES) : bytes);
    } catch (error) {
      if (isHostFailure(error)) return "";
      throw error;
    }
  };
}

/** Of one that was killed. */
function removeLeftovers(host: Host): void {
  const place = places.supportFolder;
  if (host.stat(place) === undefined) return;
  for (const name of host.list(place)) if (!runs(host, name)) host.remove(`${place}/${name}`);
}
