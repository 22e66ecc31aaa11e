// `kubesolo-os-agent support [FILE]`: all that somebody needs to find out what is wrong with this machine, in one archive, and
// nothing secret. It is put together in memory: the disk may be what is full or broken.
import {
  SUPPORT_INDEX,
  type SupportIndex,
  type SupportPart,
  supportParts,
} from "../../release/support-bundle.ts";
import { MAX_SOURCE_BYTES } from "../cloud-init/source.ts";
import type { CommandLine, Outcome } from "../command.ts";
import { readReport } from "../configuration/report.ts";
import { exitCode } from "../exit-code.ts";
import { isHostFailure, readOwnText } from "../expected.ts";
import type { Host } from "../host.ts";
import { places } from "../places.ts";
import { readSystem } from "../update/box.ts";
import { isTold, runOrFail } from "../update/failure.ts";
import { processId, runs } from "../update/process.ts";
import { type DecodeText, knownSecrets } from "./known-secrets.ts";
import { makeMask } from "./mask.ts";
import { askCluster, takePart } from "./take.ts";

const FOLDER = "kubesolo-os-support";
const PACK_MS = 120_000;

export function supportCommand(host: Host, { words }: CommandLine): Outcome {
  const [file = places.supportBundle, ...more] = words;
  if (more.length > 0) return { mistake: `unexpected "${more[0]}"` };
  removeLeftovers(host);
  const place = `${places.supportFolder}/${processId(host)}`;
  try {
    collect(host, `${place}/${FOLDER}`);
    pack(host, place, file);
  } catch (error) {
    if (!isTold(error)) throw error;
    host.print("stderr", `no support bundle could be made: ${error.message}`);
    host.print(
      "stderr",
      `hint: name a file in a folder that is there and has room, such as ${places.supportBundle}`,
    );
    return exitCode.failed;
  } finally {
    host.remove(place);
  }
  host.print("stdout", file);
  return exitCode.done;
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
    machine: readOwnText(host, places.hostname, 256)?.trim() ?? "",
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

function pack(host: Host, place: string, file: string): void {
  // Only its owner may read it: tar keeps the mode of a file that is there.
  host.writeFile(file, "", { mode: 0o600 });
  runOrFail(host, ["tar", "-czf", file, "-C", place, FOLDER], PACK_MS);
}

/** Of one that was killed. */
function removeLeftovers(host: Host): void {
  const place = places.supportFolder;
  if (host.stat(place) === undefined) return;
  for (const name of host.list(place)) if (!runs(host, name)) host.remove(`${place}/${name}`);
}
