// `kubesolo-os access init|grant|kubeconfig`: from a box without a shell to kubectl.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { fetchAuthority, isTaken } from "../access/box.ts";
import { parseFingerprint } from "../access/fingerprint.ts";
import {
  ADMIN,
  configurationLines,
  createFolder,
  day,
  endOf,
  grant,
  groupsOf,
  readIdentity,
} from "../access/folder.ts";
import { formatKubeconfig } from "../access/kubeconfig.ts";
import { parseServer, type Server, serverUrl } from "../access/server.ts";
import { checkFingerprint } from "../access/trust.ts";
import { UserError } from "../lib/errors.ts";
import { replaceFile } from "../lib/files.ts";
import { log } from "../lib/log.ts";
import { ask } from "./ask.ts";

const INIT = `
The folder gets ca.crt, which goes into the configuration of the boxes, ca.key, admin.crt and admin.key. Nothing in it is needed on
a box but ca.crt, which is public. The lines for the configuration are printed.`;

const GRANT = `
Groups are what RBAC of Kubernetes gives rights to; docs/access.md has examples. A certificate can't be taken back: it ends, or
all of an authority's are refused once the boxes have another client_ca.`;

const KUBECONFIG = `
The box's console shows its fingerprint, and a QR code with address and fingerprint, which --server takes as it is.`;

interface KubeconfigOptions {
  readonly server: Server;
  readonly fingerprint?: string;
  readonly folder: string;
  readonly user: string | false;
  readonly output?: string;
  readonly force: boolean;
}

export function accessCommand(): Command {
  return new Command("access")
    .description("make certificates for people, and kubeconfigs for boxes")
    .addCommand(
      new Command("init")
        .description(
          "make an authority and the administrator's certificate, without a network; replaces nothing",
        )
        .argument("[folder]", "where they go", "access")
        .option("--days <number>", "how long the administrator's certificate is good", parseDays, 365)
        .option("--ca-days <number>", "how long the authority is good", parseDays, 3650)
        .addHelpText("after", INIT)
        .action(init),
    )
    .addCommand(
      new Command("grant")
        .description("make a certificate for somebody, or for the administrator again")
        .argument("<name>", "who it is: Kubernetes' name of the user")
        .option(
          "--group <name>",
          "a group of the user, again for more; without one, only what is bound to the name counts",
          addGroup,
          [],
        )
        .option("--days <number>", "how long it is good", parseDays, 365)
        .option("--replace", "though there is one of that name", false)
        .option("--folder <dir>", "of `access init`", "access")
        .addHelpText("after", GRANT)
        .action(grantTo),
    )
    .addCommand(
      new Command("kubeconfig")
        .description("ask a box for its CA, and write the kubeconfig for it; prints where it is")
        .requiredOption(
          "--server <address>",
          "the box's name or address; port 6443 when missing",
          parseServerOption,
        )
        .option("--fingerprint <SHA256:...>", "of its CA, as the console shows it", parseFingerprintOption)
        .option("--folder <dir>", "of `access init`", "access")
        .option("--user <name>", "whose certificate goes into it", ADMIN)
        .option("--no-user", "without one, for users of an identity provider")
        .option("--output <file>", "where it goes; kubeconfig in the folder when missing")
        .option("--force", "replace the file", false)
        .addHelpText("after", KUBECONFIG)
        .action(kubeconfig),
    );
}

async function init(folder: string, { days, caDays }: { days: number; caDays: number }): Promise<void> {
  await createFolder(folder, { days, authorityDays: caDays }, new Date());
  const end = (name: string) => day(endOf(readIdentity(folder, name)));
  log(
    `made in "${folder}": the authority, good until ${end("ca")}; the certificate of ${ADMIN}, until ${end(ADMIN)}`,
  );
  log("whoever has ca.key or admin.key controls the boxes. These lines belong into their configuration:");
  process.stdout.write(configurationLines(folder));
}

interface GrantOptions {
  readonly group: readonly string[];
  readonly days: number;
  readonly replace: boolean;
  readonly folder: string;
}

async function grantTo(name: string, { group, days, replace, folder }: GrantOptions): Promise<void> {
  const groups = groupsOf(name, group);
  const end = await grant(folder, { name, groups }, { days, isReplaced: replace }, new Date());
  log(`"${name}"${groups.length > 0 ? ` in ${groups.join(", ")}` : ""} gets in until ${day(end)}`);
  console.log(join(folder, `${name}.crt`));
}

async function kubeconfig({
  server,
  fingerprint,
  folder,
  user,
  output,
  force,
}: KubeconfigOptions): Promise<void> {
  const file = output ?? (existsSync(folder) ? join(folder, "kubeconfig") : "kubeconfig");
  if (existsSync(file) && !force)
    throw new UserError(`"${file}" is there already`, {
      hint: "--force replaces it, --output names another",
    });
  const identity = user === false ? undefined : { name: user, ...readIdentity(folder, user) };
  if (identity !== undefined && endOf(identity) < new Date())
    throw new UserError(`the certificate of "${identity.name}" ended at ${day(endOf(identity))}`, {
      hint: `\`kubesolo-os access grant ${identity.name} --replace\` makes a new one`,
    });
  const authority = await fetchAuthority(server);
  await checkFingerprint(authority.fingerprint, [fingerprint, server.fingerprint], ask);
  // Before anything is written: who can't be reached now is asked again, without --force.
  const isKnown = identity === undefined || (await isTaken(server, authority, identity));
  const access = { name: server.host, url: serverUrl(server), caPem: authority.pem };
  const text = formatKubeconfig({
    ...access,
    ...(authority.serverName !== undefined && { serverName: authority.serverName }),
    ...(identity !== undefined && { user: identity }),
  });
  replaceFile(file, text, 0o600);
  if (!isKnown)
    log(
      `the box doesn't take the certificate of "${user}": its configuration needs the client_ca of "${folder}" (docs/access.md)`,
    );
  console.log(file);
}

function addGroup(group: string, before: readonly string[]): readonly string[] {
  return [...before, group];
}

function parseDays(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError("a number of days, 1 to 99999");
  return Number(text);
}

function parseServerOption(text: string): Server {
  const server = parseServer(text);
  if (server === undefined)
    throw new InvalidArgumentError("an address such as 192.168.1.10 or box.example.com:6443");
  return server;
}

function parseFingerprintOption(text: string): string {
  const fingerprint = parseFingerprint(text);
  if (fingerprint === undefined)
    throw new InvalidArgumentError("SHA256: and 43 letters, as the console shows it");
  return fingerprint;
}
