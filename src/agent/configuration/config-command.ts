// `kubesolo-os-agent config check|explain [--json] FILE…`: what this device would make of a configuration. Changes nothing.
import type { SourceFile } from "../cloud-init/files.ts";
import { MAX_SOURCE_BYTES } from "../cloud-init/source.ts";
import { nameFiles, reportOn } from "../cloud-init/verdict.ts";
import type { Host } from "../host.ts";

const EXIT = { done: 0, failed: 1, usage: 64 };

export function configCommand(host: Host, args: readonly string[]): number {
  const [question, ...paths] = args.filter((arg) => arg !== "--json");
  const isKnown = question === "check" || question === "explain";
  if (!isKnown || paths.length === 0 || paths.some((arg) => arg.startsWith("-"))) {
    host.print("stderr", "usage: kubesolo-os-agent config check|explain [--json] FILE...");
    return EXIT.usage;
  }
  const missing = paths.find((path) => host.stat(path) === undefined);
  if (missing !== undefined) {
    host.print("stderr", `there is no file "${missing}"`);
    return EXIT.failed;
  }
  const files = nameFiles(paths.map((path) => readFile(host, path)));
  if (files === undefined) {
    host.print("stderr", "two of the files would be the same one of user-data, meta-data and the others");
    return EXIT.usage;
  }
  const { stdout, stderr, isGood } = reportOn(files, host, question, args.includes("--json"));
  if (stderr !== "") host.print("stderr", stderr.trimEnd());
  if (stdout !== "") host.print("stdout", stdout.trimEnd());
  return isGood ? EXIT.done : EXIT.failed;
}

/** One byte more than may be there, so that a file that is too large is told of as such. */
function readFile(host: Host, path: string): SourceFile {
  const size = host.stat(path)?.sizeBytes ?? 0;
  const content =
    size > MAX_SOURCE_BYTES ? new Uint8Array(MAX_SOURCE_BYTES + 1) : host.readBytes(path, MAX_SOURCE_BYTES);
  return { file: path, content };
}
