// Who a configuration's users are, by cloud-init's rules (distros/ug_util.py): entries of one name are joined, the earlier
// counts where both say something; "default" is another name of the default user. Pure.
import type { ConfigGroups } from "../schema/accounts.ts";
import { split } from "../schema/kinds.ts";
import type { NodeConfig } from "../schema/schema.ts";
import type { ConfigUser } from "../schema/users.ts";

/** Who "default" is, unless `user` says otherwise. */
const DEFAULT_USER = "kubesolo";

export type User = Omit<ConfigUser, "name">;

export interface Users {
  readonly users: ReadonlyMap<string, User>;
  /** undefined: there is no default user. */
  readonly defaultName?: string;
}

export function usersOf(config: NodeConfig): Users {
  const users = new Map<string, User>();
  for (const [name, user] of listedUsers(config)) users.set(name, joined(users.get(name) ?? {}, user));
  for (const [group, names] of groupMembers(config.groups)) {
    for (const name of names) {
      const user = users.get(name);
      if (user !== undefined) users.set(name, { ...user, groups: [...(user.groups ?? []), group] });
    }
  }
  const asDefault = users.get("default");
  if (asDefault === undefined) return { users };
  const { name: defaultName, ...said } = defaultUserOf(config);
  const byName = users.get(defaultName) ?? {};
  const all = joined(joined(said, asDefault), byName);
  const groups = asDefault.groups ?? [byName, said].flatMap((each) => each.groups ?? []);
  users.delete("default");
  users.set(defaultName, { ...all, groups: [...new Set(groups)] });
  return { users, defaultName };
}

function listedUsers({ users, user }: NodeConfig): [string, User][] {
  const listed = users == null ? [["default", {}] as [string, User]] : entriesOf(users);
  return user == null ? listed : [...listed, ["default", {}]];
}

function entriesOf(users: NonNullable<NodeConfig["users"]>): [string, User][] {
  if (typeof users === "string") return split(users).map((name) => [name, {}]);
  if (Array.isArray(users))
    return users.flatMap((user): [string, User][] => {
      if (typeof user === "string") return split(user).map((name) => [name, {}]);
      const { name, ...rest } = user;
      return [[name ?? "default", rest]];
    });
  return Object.entries(users).flatMap(([name, user]): [string, User][] => {
    if (typeof user === "boolean") return user ? [[name, {}]] : [];
    const { name: _name, ...rest } = user;
    return [[name, rest]];
  });
}

function defaultUserOf({ user: written, system_info: system }: NodeConfig): ConfigUser & { name: string } {
  const user = typeof written === "string" ? { name: written } : (written ?? {});
  return { name: DEFAULT_USER, ...present(system?.default_user ?? {}), ...present(user) } as ConfigUser & {
    name: string;
  };
}

function joined(first: User, second: User): User {
  return { ...second, ...present(first) };
}

function present<T extends object>(mapping: T): T {
  return Object.fromEntries(Object.entries(mapping).filter(([, value]) => value != null)) as T;
}

/** Of `groups` at the top: who is in which. */
export function groupMembers(groups: ConfigGroups | null | undefined): [group: string, names: string[]][] {
  if (groups == null) return [];
  const listed = Array.isArray(groups) ? groups : [groups];
  return listed.flatMap((each): [string, string[]][] => {
    if (typeof each === "string") return split(each).map((name) => [name, []]);
    return Object.entries(each).map(([group, names]) => [group, [names ?? []].flat().flatMap(split)]);
  });
}
