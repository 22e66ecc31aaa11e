import { Command } from "commander";
import { prepareWorkspace } from "../image/go-workspace.ts";

export function goWorkspaceCommand(): Command {
  return new Command("go-workspace")
    .description("make the Go workspace in which upstream's modules have our patches; print its go.work")
    .action(async () => console.log(await prepareWorkspace()));
}
