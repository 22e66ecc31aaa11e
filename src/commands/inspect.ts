import { Command } from "commander";
import { readRelease } from "../bundle/release.ts";
import { describeRelease } from "../bundle/verify.ts";
import { UserError } from "../lib/errors.ts";
import { log } from "../lib/log.ts";
import { printable } from "../release/minisign.ts";
import { formatReleaseManifest } from "../release/release-manifest.ts";

export function inspectCommand(): Command {
  return new Command("inspect")
    .description("print what a bundle says of itself; `verify` says whether that is true")
    .argument("<bundle>", "a bundle, or a folder with its files")
    .option("--json", "its release.json", false)
    .action(async (path: string, { json: isJson }: { json: boolean }) => {
      const { manifest, signature, problems } = await readRelease(path);
      const told = problems.map(printable).join("\n  ");
      if (manifest === undefined) throw new UserError(`cannot read the release "${path}":\n  ${told}`);
      process.stdout.write(isJson ? formatReleaseManifest(manifest) : describeRelease(manifest));
      if (!isJson)
        console.log(`${"signature".padEnd(14)} ${signature === undefined ? "none" : "not verified"}`);
      if (problems.length > 0) log(`"${path}" is no whole release:\n  ${told}`);
    });
}
