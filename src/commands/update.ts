import { Command } from "commander";
import { update } from "../up/update.ts";

const NOTES = `
The sources are built as a release of their own, 0.1.1-dev.202612011000 after 0.1.0, and signed with the keys of build/update-keys,
which the image of \`up\` has, too. The machine fetches it from this host, tries it, and confirms it, or goes back to what it ran.`;

export function updateCommand(): Command {
  return new Command("update")
    .description(
      "take the machine that `up` left running to these sources, as machines in the field are updated",
    )
    .addHelpText("after", NOTES)
    .action(async () => console.log(await update()));
}
