// A node's configuration that a command is given, with the device's verdict.
import { nameFiles, reportOn } from "../agent/cloud-init/verdict.ts";
import { nodeDecoder } from "../image/baked/node-decoder.ts";
import { UserError } from "../lib/errors.ts";
import { readSource } from "./config.ts";

/** Host paths by NoCloud's names; throws when the device wouldn't take it. */
export function checkedFiles(paths: readonly string[]): Readonly<Record<string, string>> {
  const files = nameFiles(paths.map(readSource));
  if (files === undefined)
    throw new UserError("two of the files would be the same one of user-data and the others");
  const { stderr, isGood } = reportOn(files, nodeDecoder, "check");
  process.stderr.write(stderr);
  if (!isGood) throw new UserError("the configuration can't be used: nothing was done");
  return Object.fromEntries(Object.entries(files).map(([name, { file }]) => [name, file]));
}
