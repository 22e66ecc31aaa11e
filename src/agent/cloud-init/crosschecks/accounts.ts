// Accounts: what is kept otherwise than a person may think. Pure.
import { defaultKeys } from "../decide/accounts.ts";
import { groupMembers, usersOf } from "../decide/users.ts";
import { type Located, locate } from "../located.ts";
import type { MetaData } from "../meta-data.ts";
import type { Finding, Path } from "../problems.ts";
import { hashOf, isLocked, isRandom } from "../schema/passwords.ts";
import { isPublicKey } from "../schema/public-keys.ts";
import type { NodeConfig } from "../schema/schema.ts";
import type { ConfigUser } from "../schema/users.ts";

type Warn = (path: Path, message: string, hint?: string) => void;

export function crossCheckAccounts(config: NodeConfig, root: Located, metaData: MetaData): Finding[] {
  const { user, users, groups, chpasswd, password, system_info: system, ssh_authorized_keys: keys } = config;
  const said = [user, users, groups, chpasswd, password, system, keys];
  if (metaData.publicKeys.length === 0 && said.every((each) => each == null)) return [];
  const findings: Finding[] = [];
  const warn: Warn = (path, message, hint) =>
    findings.push({ severity: "warning", path, message, hint, isAboutKey: true });
  for (const { path, user } of placedUsers(config)) checkUser(user, path, warn);
  findings.push(...misreadNumbers(config, root));
  checkKeys(config.ssh_authorized_keys, ["ssh_authorized_keys"], warn);
  checkOwner(config, metaData, warn);
  checkPasswords(config, warn);
  const kept = new Set([...usersOf(config).users.values()].flatMap(({ groups }) => groups ?? []));
  const unkept = groupMembers(config.groups).filter(([group]) => !kept.has(group));
  if (unkept.length > 0) {
    const names = unkept.map(([group]) => group).join(", ");
    warn(["groups"], `no effect: groups are kept with the accounts that have them, and none has ${names}`);
  }
  return findings;
}

function placedUsers({ users, user, system_info: system }: NodeConfig): { path: Path; user: ConfigUser }[] {
  const entries = typeof users === "object" && users !== null ? Object.entries(users) : [];
  const isList = Array.isArray(users);
  const all: [Path, unknown][] = [
    ...entries.map(([key, each]): [Path, unknown] => [["users", isList ? Number(key) : key], each]),
    [["user"], user],
    [["system_info", "default_user"], system?.default_user],
  ];
  return all.flatMap(([path, each]) =>
    typeof each === "object" && each !== null ? [{ path, user: each as ConfigUser }] : [],
  );
}

/** 0123 is 83: nobody could log in with what they wrote. */
function misreadNumbers(config: NodeConfig, root: Located): Finding[] {
  const paths: Path[] = [
    ["password"],
    ...placedUsers(config).map(({ path }) => [...path, "plain_text_passwd"]),
    ...(config.chpasswd?.users ?? []).map((_, index) => ["chpasswd", "users", index, "password"]),
  ];
  return paths.flatMap((path): Finding[] => {
    const written = locate(root, path);
    if (written.kind !== "scalar" || typeof written.value !== "number") return [];
    if (String(written.value) === written.source) return [];
    const message = "YAML reads another number than is written (it isn't shown: it may be secret)";
    return [{ severity: "error", path, message, hint: "put it in quotes" }];
  });
}

function checkUser(user: ConfigUser, path: Path, warn: Warn): void {
  for (const key of ["hashed_passwd", "passwd"] as const) {
    const text = user[key];
    if (text == null || isLocked(text) || hashOf(text) !== undefined) continue;
    const hint = "take plain_text_passwd for a password in plain text, or hash it with `openssl passwd -6`";
    warn([...path, key], "no effect: it is no password's hash, and nobody could log in with it", hint);
  }
  const isSet = (key: "hashed_passwd" | "plain_text_passwd" | "passwd") => {
    const written = user[key];
    const text = typeof written === "object" && written !== null ? (written.text ?? written.hash) : written;
    return text != null && !isLocked(text);
  };
  const key = (["hashed_passwd", "plain_text_passwd", "passwd"] as const).find(isSet);
  if (key !== undefined && (user.lock_passwd ?? true))
    warn([...path, key], "no effect: the password is locked", "add lock_passwd: false");
  if (user.sudo != null && user.sudo !== false && !(Array.isArray(user.sudo) && user.sudo.length === 0))
    warn([...path, "sudo"], "no effect: the system has no sudo");
  checkKeys(user.ssh_authorized_keys, [...path, "ssh_authorized_keys"], warn);
}

function checkKeys(keys: readonly string[] | null | undefined, path: Path, warn: Warn): void {
  for (const [index, key] of (keys ?? []).entries()) {
    const hint = 'it is one line such as "ssh-ed25519 AAAA… me@example.com"';
    if (!isPublicKey(key)) warn([...path, index], "no effect: it is no public key", hint);
  }
}

/** What belongs to the default user, when there is none. */
function checkOwner(config: NodeConfig, metaData: MetaData, warn: Warn): void {
  if (usersOf(config).defaultName !== undefined) return;
  const hint = "add default to users, or write it below the user";
  const keys = defaultKeys(config, metaData);
  if (keys.length > 0 && config.disable_root !== false) {
    const key = config.ssh_authorized_keys?.length ? "ssh_authorized_keys" : "users";
    const which = key === "users" ? "the keys of meta-data" : "these keys";
    warn([key], `there is no default user: ${which} are nobody's`, hint);
  }
  if (config.password != null && !isListed(config))
    warn(["password"], "no effect: there is no default user whose password it could be", hint);
}

function isListed({ chpasswd }: NodeConfig): boolean {
  return Boolean(chpasswd?.list?.length || chpasswd?.users?.length);
}

function checkPasswords(config: NodeConfig, warn: Warn): void {
  const { chpasswd, password } = config;
  if (password != null && isListed(config))
    warn(["password"], "no effect: chpasswd has users or list", "give the default user's password there");
  for (const [index, { type, password: given }] of (chpasswd?.users ?? []).entries()) {
    if (given?.text === undefined || (type ?? "hash") !== "hash") continue;
    const hint = "add type: text for a password in plain text, or hash it with `openssl passwd -6`";
    warn(["chpasswd", "users", index, "password"], "no effect: it is no password's hash", hint);
  }
  const made = "no effect: there are no made-up passwords, which everybody could read on the console";
  const anyPath: Path[] = [
    ...(chpasswd?.users ?? []).flatMap(({ type }, index): Path[] =>
      type === "RANDOM" ? [["chpasswd", "users", index, "type"]] : [],
    ),
    ...(chpasswd?.list ?? []).flatMap((lines, index): Path[] =>
      lines.some(([, text]) => isRandom(text)) ? [["chpasswd", "list", index]] : [],
    ),
  ];
  for (const path of anyPath) warn(path, made, "write a password or its hash");
  const isDefaults = password != null && usersOf(config).defaultName !== undefined;
  if (!(isListed(config) || isDefaults) || chpasswd?.expire === false) return;
  const path =
    chpasswd?.expire != null ? ["chpasswd", "expire"] : chpasswd == null ? ["password"] : ["chpasswd"];
  warn(
    path,
    "the password does not have to be changed at the next login, as it would elsewhere",
    "say so with expire: false below chpasswd",
  );
}
