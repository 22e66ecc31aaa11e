import { Command } from "commander";
import { buildAll } from "../image/build.ts";

export function buildCommand(): Command {
  return new Command("build").description("build the bootable disk image").action(async () => {
    const built = await buildAll();
    console.log(built.diskImage);
  });
}
