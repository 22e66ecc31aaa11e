// `kubesolo-os-agent config check|explain [--json] [--strict] FILE...`: what this device would make of a configuration.
import type { SourceFile } from "../cloud-init/files.ts";
import { MAX_SOURCE_BYTES } from "../cloud-init/source.ts";
import { nameFiles, reportOn } from "../cloud-init/verdict.ts";
import type { CommandLine, Outcome } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";

export function configCommand(host: Host, { words, options }: CommandLine): Outcome {
  const [question, ...paths] = words;
  if (question !== "check" && question !== "explain")
    return {
      mistake: `check or explain? ${question === undefined ? "neither is given" : `not "${question}"`}`,
    };
  if (paths.length === 0) return { mistake: "no file is given" };
  const missing = paths.find((path) => host.stat(path) === undefined);
  if (missing !== undefined) {
    host.print("stderr", `there is no file "${missing}"`);
    return exitCode.failed;
  }
  const files = nameFiles(paths.map((path) => readFile(host, path)));
  if (files === undefined)
    return { mistake: "two of the files would be the same one of user-data, meta-data and the others" };
  const { stdout, stderr, isGood } = reportOn(files, host, question, {
    isJson: options.has("--json"),
    isStrict: options.has("--strict"),
  });
  if (stderr !== "") host.print("stderr", stderr.trimEnd());
  if (stdout !== "") host.print("stdout", stdout.trimEnd());
  return isGood ? exitCode.done : exitCode.failed;
}

/** One byte more than may be there, so that a file that is too large is told of as such. */
function readFile(host: Host, path: string): SourceFile {
  const size = host.stat(path)?.sizeBytes ?? 0;
  const content =
    size > MAX_SOURCE_BYTES ? new Uint8Array(MAX_SOURCE_BYTES + 1) : host.readBytes(path, MAX_SOURCE_BYTES);
  return { file: path, content };
}
