import { Command } from "commander";
import { describeRelease, verifyRelease } from "../bundle/verify.ts";
import { readUpdateKeys } from "../image/baked/update-keys.ts";
import { UserError } from "../lib/errors.ts";

export function verifyCommand(): Command {
  return new Command("verify")
    .description("say whether a bundle is whole, and signed by a release key that counts")
    .argument("<bundle>", "a signed bundle, or a folder with its files")
    .requiredOption("--keys <file>", "keys.json: whose signatures count")
    .addHelpText("after", "\nAll that is wrong is told at once, and the exit code is 1.")
    .action(async (path: string, { keys }: { keys: string }) => {
      const verified = await verifyRelease(path, readUpdateKeys(keys));
      if ("problems" in verified)
        throw new UserError(`"${path}" can't be trusted:\n  ${verified.problems.join("\n  ")}`);
      const { manifest, keyId, trustedComment } = verified;
      process.stdout.write(describeRelease(manifest));
      console.log(`${"signed by".padEnd(14)} ${keyId}: ${trustedComment}`);
    });
}
