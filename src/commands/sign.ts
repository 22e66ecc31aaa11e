import { Command } from "commander";
import { prepareSigning } from "../bundle/minisign.ts";
import { signRelease } from "../bundle/sign.ts";

interface Options {
  readonly key: string;
  readonly output?: string;
}

const NOTES = `
release.json is signed in minisign's format, and it has the sums of all other files. What isn't as release.json says isn't signed.
A bundle is replaced as a whole, or not at all; a folder gets release.json.minisig.
Anybody can verify it: minisign -V -p release.pub -m release.json`;

export function signCommand(): Command {
  return new Command("sign")
    .description("sign a bundle, or a release's loose files in a folder, and print where it is")
    .argument("<bundle>", "a bundle of `build bundle`, or a folder")
    .requiredOption("--key <file>", "the release key, as `keys create` makes it: release.key")
    .option("--output <file>", "write the signed bundle there, and leave what is signed as it is")
    .addHelpText("after", NOTES)
    .action(async (path: string, { key, output }: Options) => {
      const options = { secret: key, ...(output !== undefined && { output }) };
      console.log(await signRelease(path, options, await prepareSigning()));
    });
}
