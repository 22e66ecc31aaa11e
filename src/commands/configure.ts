// `kubesolo-os configure IMAGE --config FILE`: a configuration into an image without a build.
import { Command } from "commander";
import { configureImage } from "../image/configure.ts";
import { prepareTools } from "../image/debian/packages.ts";
import { checkedFiles } from "./checked-files.ts";

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
  await configureImage(image, checkedFiles(config), force, await prepareTools());
  console.log(image);
}
