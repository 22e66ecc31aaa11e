// `kubesolo-os-agent accounts`: makes the accounts of an image with SSH. What it makes takes the place of the files in /etc.
import * as v from "valibot";
import type { Outcome } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { readIfThere } from "../expected.ts";
import type { Host } from "../host.ts";
import { readJson } from "../json.ts";
import { places } from "../places.ts";
import { type AccountFiles, type Home, planAccounts } from "./accounts.ts";

const Accounts = v.array(
  v.object({
    name: v.string(),
    authorizedKeys: v.array(v.string()),
    passwordHash: v.exactOptional(v.string()),
    groups: v.array(v.string()),
    shell: v.exactOptional(v.string()),
  }),
);
const Numbers = v.record(v.string(), v.number());
const MAX_BYTES = 1024 * 1024;

export function accountsCommand(host: Host): Outcome {
  const keys = readIfThere(host, places.rootKeys, MAX_BYTES);
  if (keys === undefined) {
    host.print("stderr", "this image has no login: `kubesolo-os build --ssh KEY.pub` makes one that has");
    return exitCode.failed;
  }
  const text = (path: string) => host.readText(path, MAX_BYTES);
  const accounts = readJson(host, places.accounts, MAX_BYTES, Accounts) ?? [];
  const system = {
    passwd: text(places.passwd),
    group: text(places.group),
    rootKeys: keys.split("\n").filter((line) => line !== ""),
  };
  const kept = readJson(host, places.accountNumbers, MAX_BYTES, Numbers) ?? {};
  const files = planAccounts(accounts, system, kept);
  // First of all: a number that is used is known, whenever the power goes.
  if (JSON.stringify(files.numbers) !== JSON.stringify(kept))
    host.writeFile(places.accountNumbers, JSON.stringify(files.numbers));
  for (const home of files.homes) makeHome(host, home);
  writeAccounts(host, files);
  for (const name of files.refused)
    host.print("stderr", `accounts: "${name}" is a user of the system's own: nobody logs in as it`);
  return exitCode.done;
}

/** A file in memory is written at each boot; one on the disk when it changes, since flash wears out. */
function makeHome(host: Host, { path, number, keys }: Home): void {
  const owner = { uid: number, gid: number };
  host.makeDirectory(path, { mode: 0o700, ...owner });
  const folder = `${path}/.ssh`;
  // Whoever owns the home may have put a link there, which would be followed.
  if (host.stat(folder)?.kind !== "directory") host.remove(folder);
  host.makeDirectory(folder, { mode: 0o700, ...owner });
  const file = `${folder}/authorized_keys`;
  const text = keys.map((key) => `${key}\n`).join("");
  const isSame = host.stat(file)?.kind === "file" && readIfThere(host, file, MAX_BYTES) === text;
  if (!isSame) host.writeFile(file, text, { mode: 0o600, ...owner });
}

function writeAccounts(host: Host, { passwd, group, shadow }: AccountFiles): void {
  const folder = places.accountFiles;
  host.writeFile(`${folder}/passwd`, passwd);
  host.writeFile(`${folder}/group`, group);
  host.writeFile(`${folder}/shadow`, shadow, { mode: 0o600 });
}
