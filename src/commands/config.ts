// `kubesolo-os config check|explain FILE…`: the device's verdict, on a workstation.
import { readFileSync } from "node:fs";
import { Command } from "commander";
import type { SourceFile } from "../agent/cloud-init/files.ts";
import { nameFiles, type Question, type ReportOptions, reportOn } from "../agent/cloud-init/verdict.ts";
import { nodeDecoder } from "../image/baked/node-decoder.ts";
import { UserError } from "../lib/errors.ts";

export function configCommand(): Command {
  return new Command("config")
    .description("check a node's configuration, or say what it would do")
    .addCommand(question("check", "say what is wrong with a configuration"))
    .addCommand(question("explain", "say what a configuration would do"));
}

function question(name: Question, description: string): Command {
  return new Command(name)
    .description(description)
    .argument(
      "<files...>",
      "user-data, and with it meta-data, network-config and vendor-data, by their names",
    )
    .option("--json", "as JSON; what explain prints then has secrets in it")
    .option("--strict", "take warnings for errors: all that the file asks for must be done")
    .action((paths: string[], { json, strict }: { json?: true; strict?: true }) =>
      answer(name, paths, { isJson: json === true, isStrict: strict === true }),
    );
}

function answer(name: Question, paths: readonly string[], options: ReportOptions): void {
  const files = nameFiles(paths.map(readSource));
  if (files === undefined) {
    throw new UserError("two of the files would be the same one of user-data, meta-data and the others", {
      hint: "files are told apart by their names; any other name is user-data's",
    });
  }
  const { stdout, stderr, isGood } = reportOn(files, nodeDecoder, name, options);
  process.stderr.write(stderr);
  process.stdout.write(stdout);
  if (!isGood) throw new UserError("the configuration can't be used");
}

/** For messages, it keeps the path as the person wrote it. */
export function readSource(path: string): SourceFile {
  try {
    return { file: path, content: readFileSync(path) };
  } catch (error) {
    throw new UserError(`cannot read "${path}"`, { cause: error });
  }
}
