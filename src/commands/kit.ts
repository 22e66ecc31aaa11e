import { Command } from "commander";
import { makeKit } from "../kit/kit.ts";

export function kitCommand(): Command {
  return new Command("kit")
    .description(
      "make what tests need besides the image: container images, a registry, another kubectl, QEMU",
    )
    .action(async () => {
      await makeKit();
    });
}
