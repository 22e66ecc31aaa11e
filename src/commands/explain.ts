// `kubesolo-os explain BUNDLE`: what a support bundle points at.
import { Command } from "commander";
import { readSupportBundle } from "../support/bundle.ts";
import { describeFindings, findCauses } from "../support/explain.ts";

const NOTES = `
Of several causes the first is the likeliest: others may follow from it. The lines below each are the box's own. What a configuration
would do is explained by \`kubesolo-os config explain\`.`;

export function explainCommand(): Command {
  return new Command("explain")
    .description("say what is likely wrong with a box, by its support bundle")
    .argument("<bundle>", "of `kubesolo-os support`, or of `kubesolo-os-agent support` on the box")
    .option("--json", "names of causes and their evidence", false)
    .addHelpText("after", NOTES)
    .action(async (path: string, { json: isJson }: { json: boolean }) => {
      const bundle = await readSupportBundle(path);
      const findings = findCauses(bundle);
      const listed = findings.map(({ cause: { name, says, do: advice }, evidence }) => ({
        ...{ cause: name, says, do: advice, evidence },
      }));
      process.stdout.write(
        isJson
          ? `${JSON.stringify({ ...bundle.index, causes: listed }, undefined, 2)}\n`
          : describeFindings(bundle, findings),
      );
    });
}
