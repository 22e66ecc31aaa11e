// Users, keys and passwords → accounts, by cloud-init's rules. Pure.
import type { Account, Action } from "../actions.ts";
import type { MetaData } from "../meta-data.ts";
import type { ConfigUser } from "../schema/accounts.ts";
import type { NodeConfig } from "../schema/schema.ts";

/** Who "default" is, unless `user` says otherwise. */
const DEFAULT_USER = "kubesolo";

type Draft = Partial<ConfigUser> & { readonly name: string };

export function decideAccounts(config: NodeConfig, metaData: MetaData): Action[] {
  const defaultUser = defaultUserOf(config);
  const keys = [...(config.ssh_authorized_keys ?? []), ...metaData.publicKeys];
  const drafts = listedUsers(config, defaultUser);
  const owner = drafts.some(({ name }) => name === defaultUser.name) ? defaultUser.name : "root";
  const isNeeded = keys.length > 0 || config.password != null;
  if (isNeeded && !drafts.some(({ name }) => name === owner)) drafts.push({ name: owner });

  const passwords = changedPasswords(config);
  if (config.password != null) passwords.set(owner, config.password);
  for (const name of passwords.keys()) {
    if (!drafts.some((draft) => draft.name === name)) drafts.push({ name });
  }
  const accounts = drafts.map((draft) =>
    accountOf(draft, draft.name === owner ? keys : [], passwords.get(draft.name)),
  );
  return accounts.length === 0 ? [] : [{ do: "keep-accounts", accounts }];
}

/** Without `users` there is the default user alone, if anything is said of them. */
function listedUsers(config: NodeConfig, defaultUser: Draft): Draft[] {
  const isSaid = config.user != null || config.ssh_authorized_keys != null || config.password != null;
  if (config.users == null) return isSaid ? [defaultUser] : [];
  const listed = typeof config.users === "string" ? [config.users] : config.users;
  const drafts = listed.map((user): Draft => (typeof user === "string" ? { name: user } : user));
  const named = drafts.map((draft) =>
    draft.name === "default" ? { ...defaultUser, ...draft, name: defaultUser.name } : draft,
  );
  return [...new Map(named.map((draft) => [draft.name, draft])).values()];
}

function defaultUserOf({ user: written, system_info: system }: NodeConfig): Draft {
  const user = written ?? system?.default_user;
  if (user == null) return { name: DEFAULT_USER };
  if (typeof user === "string") return { name: user };
  return { ...user, name: user.name ?? DEFAULT_USER };
}

function changedPasswords({ chpasswd }: NodeConfig): Map<string, string> {
  const listed = (chpasswd?.list ?? []).flat();
  const named = (chpasswd?.users ?? []).flatMap(({ name, password }) =>
    password == null ? [] : [[name, password] as [string, string]],
  );
  return new Map([...listed, ...named]);
}

function accountOf(draft: Draft, keys: readonly string[], changed: string | undefined): Account {
  const isLocked = draft.lock_passwd ?? draft["lock-passwd"] ?? true;
  const own = isLocked
    ? undefined
    : (draft.hashed_passwd ?? draft["hashed-passwd"] ?? draft.passwd ?? undefined);
  const passwordHash = changed ?? own;
  const ownKeys = draft.ssh_authorized_keys ?? draft["ssh-authorized-keys"] ?? [];
  const group = draft.primary_group ?? draft["primary-group"];
  const primary = group == null ? [] : [group];
  return {
    name: draft.name,
    authorizedKeys: [...new Set([...ownKeys, ...keys])],
    ...(passwordHash !== undefined && { passwordHash }),
    groups: [...new Set([...primary, ...(draft.groups ?? [])])],
    ...(draft.shell != null && { shell: draft.shell }),
  };
}
