// `kubesolo-os configure IMAGE --config FILE`: a configuration into an image without a build.
import { Command } from "commander";
import { nameFiles, reportOn } from "../agent/cloud-init/verdict.ts";
import { nodeDecoder } from "../image/baked/node-decoder.ts";
import { configureImage } from "../image/configure.ts";
import { prepareTools } from "../image/debian/packages.ts";
import { UserError } from "../lib/errors.ts";
import { readSource } from "./config.ts";

const NOTES = `
It goes to kubesolo/user-data (and meta-data, …): on a disk to the boot partition, a FAT file system; on an ISO to itself. Another stick or CD
with a configuration, or the kernel command line, counts before it: docs/boot.md. It isn't secret there: whoever has the image can read it.`;

interface Options {
  readonly config: readonly string[];
  readonly force: boolean;
}

export function configureCommand(): Command {
  return new Command("configure")
    .description("put a node's configuration into an image, without a build; checks it first")
    .argument("<image>", "kubesolo-os.img, .qcow2, .vmdk, .vhd or .iso")
    .requiredOption(
      "--config <file>",
      "user-data; again for meta-data, network-config and vendor-data, by their names",
      (path: string, before: readonly string[] = []) => [...before, path],
    )
    .option("--force", "replace what is there", false)
    .addHelpText("after", NOTES)
    .action(configure);
}

async function configure(image: string, { config, force }: Options): Promise<void> {
  const files = nameFiles(config.map(readSource));
  if (files === undefined)
    throw new UserError("two of the files would be the same one of user-data and the others");
  const { stderr, isGood } = reportOn(files, nodeDecoder, "check");
  process.stderr.write(stderr);
  if (!isGood) throw new UserError("the configuration can't be used: the image is as it was");
  const paths = Object.fromEntries(Object.entries(files).map(([name, { file }]) => [name, file]));
  await configureImage(image, paths, force, await prepareTools());
  console.log(image);
}
