// `kubesolo-os flash IMAGE DEVICE`: an image onto a stick, a card or a disk.
import { Command } from "commander";
import { flash } from "../flash/flash.ts";
import { prepareTools } from "../image/debian/packages.ts";
import { ask } from "./ask.ts";

const NOTES = `
All that is on the device is lost. It shows what that is, and asks. A device that is in use, too small or not removable is refused;
nothing but the last is taken with --force. Then it is read back and compared. A device that is half written starts nothing.`;

interface Options {
  readonly yes: boolean;
  readonly force: boolean;
}

export function flashCommand(): Command {
  return new Command("flash")
    .description("write an image to a stick, a card or a disk, and read it back")
    .argument("<image>", "kubesolo-os.img or kubesolo-os.iso")
    .argument("<device>", "a whole disk such as /dev/sdb; `lsblk` lists them")
    .option("--yes", "don't ask: erase what is on it", false)
    .option("--force", "also a disk that isn't removable", false)
    .addHelpText("after", NOTES)
    .action(async (image: string, device: string, { yes, force }: Options) => {
      await flash(image, device, { isForced: force, confirm: yes ? true : ask }, await prepareTools());
      console.log(device);
    });
}
