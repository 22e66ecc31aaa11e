// `kubesolo-os support`: what somebody needs to find out what is wrong with a box, from the box.
import { Command } from "commander";
import { log } from "../lib/log.ts";
import { type FetchOptions, fetchSupportBundle } from "../support/fetch.ts";

const NOTES = `
It works while the API of the box answers, whether its node is Ready or not. Secrets aren't in it; docs/support.md says what is, and how to
get one from a box whose API doesn't answer. \`kubesolo-os explain FILE\` says what it points at.`;

export function supportCommand(): Command {
  return new Command("support")
    .description("fetch all that tells what is wrong with a box, through kubectl; prints where it is")
    .option("--kubeconfig <file>", "of an administrator of the box; kubectl's usual one when missing")
    .option("--output <file>", "where it goes; support-NAME-TIME.tar.gz when missing")
    .option("--kubectl <program>", "which kubectl", "kubectl")
    .addHelpText("after", NOTES)
    .action(async (options: FetchOptions) => {
      log("the box collects it; on a small one that takes a minute");
      console.log(await fetchSupportBundle(options));
    });
}
