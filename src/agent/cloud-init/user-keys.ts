// What is said of users has keys in which "-" and "_" are one, as cloud-init has it; the last of two spellings counts. Pure.
import type { Located, LocatedEntry } from "./located.ts";

export function withUnderscores(root: Located): Located {
  return changed(root, {
    users: (users) =>
      users.kind === "list"
        ? { ...users, items: users.items.map(renamed) }
        : changedAll(users, (user) => renamed(user)),
    user: renamed,
    system_info: (system) => changed(system, { default_user: renamed }),
  });
}

function renamed(user: Located): Located {
  if (user.kind !== "mapping") return user;
  const entries = [...user.entries].map(([key, entry]) => [key.replace(/-/g, "_").trim(), entry] as const);
  return { ...user, entries: new Map(entries) };
}

type Change = (value: Located) => Located;

function changed(root: Located, changes: Readonly<Record<string, Change>>): Located {
  if (root.kind !== "mapping" || !Object.keys(changes).some((key) => root.entries.has(key))) return root;
  return changedAll(root, (value, key) =>
    Object.hasOwn(changes, key) ? (changes[key] as Change)(value) : value,
  );
}

function changedAll(root: Located, change: (value: Located, key: string) => Located): Located {
  if (root.kind !== "mapping") return root;
  const entries = [...root.entries].map(([key, entry]): [string, LocatedEntry] => [
    key,
    { ...entry, value: change(entry.value, key) },
  ]);
  return { ...root, entries: new Map(entries) };
}
