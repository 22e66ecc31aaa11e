// Users, keys and passwords → accounts, by cloud-init's rules. Pure.
import type { Account, Action } from "../actions.ts";
import type { MetaData } from "../meta-data.ts";
import type { ConfigChange } from "../schema/accounts.ts";
import { hashOf, isRandom, type Password, passwordOf } from "../schema/passwords.ts";
import { isPublicKey } from "../schema/public-keys.ts";
import type { NodeConfig } from "../schema/schema.ts";
import { type User, usersOf } from "./users.ts";

export function decideAccounts(config: NodeConfig, metaData: MetaData): Action[] {
  const { users: listed, defaultName } = usersOf(config);
  const keys = defaultKeys(config, metaData);
  const passwords = changedPasswords(config, defaultName);
  const users = new Map(listed);
  if (!isNamed(config) && defaultName !== undefined) users.delete(defaultName);
  const owners = [defaultName, ...(config.disable_root === false ? ["root"] : [])];
  const others = [...passwords.keys(), ...(keys.length > 0 ? owners : [])];
  for (const name of others) if (name !== undefined && !users.has(name)) users.set(name, {});
  const accounts = [...users].map(([name, user]) =>
    accountOf(name, user, owners.includes(name) ? keys : [], passwords.get(name)),
  );
  return accounts.length === 0 ? [] : [{ do: "keep-accounts", accounts }];
}

/** Those that no entry of users has: of the default user. */
export function defaultKeys(config: NodeConfig, metaData: MetaData): readonly string[] {
  const ofMachine = config.allow_public_ssh_keys === false ? [] : metaData.publicKeys;
  return [...(config.ssh_authorized_keys ?? []), ...ofMachine];
}

/** Without a word of users there is the default user alone, of whom nothing needs to be kept. */
function isNamed({ users, user, system_info: system }: NodeConfig): boolean {
  return users != null || user != null || system?.default_user != null;
}

/** As cloud-init gives them to chpasswd(8): texts first, then hashes, so that a hash counts. */
function changedPasswords(
  { chpasswd, password }: NodeConfig,
  defaultName: string | undefined,
): Map<string, Password> {
  const named = (chpasswd?.users ?? []).map((each): [string, Password] => [each.name, changedPassword(each)]);
  const lines = (chpasswd?.list ?? [])
    .flat()
    .map(([name, text]): [string, Password] => [name, isRandom(text) ? {} : passwordOf(text)]);
  const all = [...named, ...lines];
  if (all.length === 0 && password != null && defaultName !== undefined)
    return new Map([[defaultName, password]]);
  return new Map([
    ...all.filter(([, { text }]) => text !== undefined),
    ...all.filter(([, { hash }]) => hash !== undefined),
  ]);
}

/** Where a hash is due, a text is none, and nobody could log in with it. */
function changedPassword({ type, password }: ConfigChange): Password {
  if (type === "RANDOM" || password == null) return {};
  return type === "text" || password.hash !== undefined ? password : {};
}

function accountOf(
  name: string,
  user: User,
  keys: readonly string[],
  changed: Password | undefined,
): Account {
  const { hash, text } = changed ?? ownPassword(user) ?? {};
  const primary = user.primary_group == null ? [] : [user.primary_group];
  const usable = [...(user.ssh_authorized_keys ?? []), ...keys].filter(isPublicKey);
  return {
    name,
    authorizedKeys: [...new Set(usable)],
    ...(hash !== undefined ? { passwordHash: hash } : text !== undefined && { plainPassword: text }),
    groups: [...new Set([...primary, ...(user.groups ?? [])])],
    ...(user.shell != null && { shell: user.shell }),
  };
}

function ownPassword(user: User): Password | undefined {
  if (user.lock_passwd ?? true) return undefined;
  const plain = user.plain_text_passwd?.text === "" ? undefined : user.plain_text_passwd;
  const hash = (text: string | null | undefined) => (text == null ? undefined : hashOf(text));
  return hash(user.hashed_passwd) ?? plain ?? hash(user.passwd);
}
