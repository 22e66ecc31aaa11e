// `kubesolo-os flash`: looks, shows, asks, writes, reads back. Read it top to bottom.
import { statSync } from "node:fs";
import { SECTOR_BYTES } from "../disk/layout.ts";
import { findBootPartition } from "../image/boot-partition.ts";
import { hasIsoLabel, type ImageFile, kindNames, readImageFile } from "../image/image-kind.ts";
import { UserError } from "../lib/errors.ts";
import type { Tools } from "../lib/locked-tools.ts";
import { log, step } from "../lib/log.ts";
import { run } from "../lib/run.ts";
import { announce, compareImage, planCopy, writeImage } from "./copy.ts";
import { type Device, describeDevice, inSize, LSBLK_COLUMNS, parseDevice } from "./device.ts";
import { findProblems } from "./problems.ts";

export interface FlashWishes {
  readonly isForced: boolean;
  /** Asks the person; undefined where nobody can be asked, true where that isn't wanted. */
  readonly confirm: ((question: string) => Promise<boolean>) | true | undefined;
}

export async function flash(
  imagePath: string,
  devicePath: string,
  { isForced, confirm }: FlashWishes,
  tools: Tools,
): Promise<void> {
  const image = await checkImage(imagePath, tools);
  const device = await findDevice(devicePath);
  checkDevice(device, image, isForced);
  log(
    `${describeDevice(device)}\nall of this will be erased for "${imagePath}" (${inSize(image.sizeBytes)})`,
  );
  await askFor(device.path, confirm);
  const sizes = { imageBytes: image.sizeBytes, deviceBytes: device.sizeBytes };
  const copy = await planCopy(image.path, device.path, sizes, tools);
  await step(`write to ${device.path}`, (say) => writeImage(copy, say));
  await step("read back and compare", (say) => compareImage(copy, say));
  await announce(device.path);
}

/** What isn't ours isn't written: it is a slip more often than not. */
async function checkImage(path: string, tools: Tools): Promise<ImageFile> {
  const image = readImageFile(path);
  if (
    image.kind === "iso" ? hasIsoLabel(path) : image.kind === "raw" && (await findBootPartition(path, tools))
  )
    return image;
  if (image.kind !== "raw" && image.kind !== "iso")
    throw new UserError(`"${path}" is ${kindNames[image.kind]}: no machine starts from that as it is`, {
      hint: image.kind === "compressed" ? "unpack it first" : "take kubesolo-os.img or kubesolo-os.iso",
    });
  throw new UserError(`"${path}" is no image of KubeSolo OS`, {
    hint: "kubesolo-os.img or kubesolo-os.iso is one",
  });
}

async function findDevice(path: string): Promise<Device> {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined)
    throw new UserError(`there is no device "${path}"`, { hint: "`lsblk` lists disks; is it plugged in?" });
  if (!stat.isBlockDevice())
    throw new UserError(`"${path}" is no device`, {
      hint: "`lsblk` lists disks; to copy an image to a file: cp --sparse=always",
    });
  const columns = ["--output", LSBLK_COLUMNS];
  const device = parseDevice(await run(["lsblk", "--json", "--bytes", "--tree=PATH", ...columns, path]));
  if (device === undefined) throw new Error(`lsblk says nothing of "${path}"`);
  return device;
}

function checkDevice(device: Device, image: ImageFile, isForced: boolean): void {
  const needs = {
    sizeBytes: image.sizeBytes,
    ...(image.kind === "raw" && { sectorBytes: SECTOR_BYTES }),
  };
  const problems = findProblems(device, needs, isForced);
  const [first] = problems;
  if (first === undefined) return;
  throw new UserError(problems.map(({ message }) => message).join("\n       "), {
    hint: problems.map(({ hint }) => hint).join("; "),
  });
}

async function askFor(device: string, confirm: FlashWishes["confirm"]): Promise<void> {
  if (confirm === true) return;
  if (confirm === undefined)
    throw new UserError("nobody has said that it may be erased", {
      hint: "there is no terminal to ask at: --yes says so",
    });
  if (!(await confirm(`Erase ${device}? [y/N] `)))
    throw new UserError(`"${device}" stays as it is: nothing was written`);
}
