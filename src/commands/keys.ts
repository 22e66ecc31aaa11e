// `kubesolo-os keys create|rotate DIR`: keys that updates are signed with.
import { join } from "node:path";
import { Command } from "commander";
import { createKeys, rotateFolder } from "../bundle/keys-folder.ts";
import { prepareSigning } from "../bundle/minisign.ts";
import { log } from "../lib/log.ts";

const FILES = `
The folder gets:
  root.key, root.pub        signs only keys.json; keep root.key offline
  release.key, release.pub  signs releases
  keys.json                 which keys count: \`build --update-keys\` puts it into an image
  keys.json.minisig         the root key's signature of it
No key has a password: whoever has the folder can sign. minisign -C -s FILE gives one a password.`;

const ROTATED = `
The release key that counts now is replaced, and with --root the root key, too. keys.json gets the next number and is signed by
the root key; a new one signs it besides (keys.json.2.minisig). What counted before lies in old/NUMBER: a device that missed a
keys.json needs each of them, in their order.`;

export function keysCommand(): Command {
  return new Command("keys")
    .description("make and replace the keys that updates are signed with")
    .addCommand(
      new Command("create")
        .description("make a root key, a release key and keys.json; replaces nothing")
        .argument("<folder>", "where they go")
        .addHelpText("after", FILES)
        .action(create),
    )
    .addCommand(
      new Command("rotate")
        .description("make a new release key, and the keys.json with which devices take it")
        .argument("<folder>", "of `keys create`")
        .option("--root", "make a new root key, too", false)
        .addHelpText("after", ROTATED)
        .action(rotate),
    );
}

async function create(folder: string): Promise<void> {
  await createKeys(folder, await prepareSigning());
  log("the keys have no password: whoever has this folder can sign updates. Keep root.key offline");
  console.log(join(folder, "keys.json"));
}

async function rotate(folder: string, { root }: { root: boolean }): Promise<void> {
  const number = await rotateFolder(folder, root, await prepareSigning());
  log(`keys.json has the number ${number} now; the keys before it lie in ${join(folder, "old")}`);
  console.log(join(folder, "keys.json"));
}
