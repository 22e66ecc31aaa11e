// What is said of one user, and lists of users and groups.
import * as v from "valibot";
import { once } from "../../once.ts";
import { ignored } from "./key-notes.ts";
import { anything, listOf, mapping, matching, maybe, named, split, truth } from "./kinds.ts";
import { password, passwordHash } from "./passwords.ts";
import { publicKeys } from "./public-keys.ts";

export const USER = "a user's name such as admin";
export const USER_NAME = /^[a-z_][a-z0-9_-]{0,31}$/;
export const userName = once(() => matching(USER_NAME, USER));
/** As text, several with commas between them. */
export const userNames = once(() => namesLike(USER_NAME, USER));
export const GROUP = "a group's name";
const GROUP_NAME = /^[a-z_][a-z0-9_-]{0,31}\$?$/;
export const group = once(() => matching(GROUP_NAME, GROUP));
export const groupNames = once(() => namesLike(GROUP_NAME, "groups' names"));
export const members = once(() => maybe(v.union([listOf(userName(), USER), userNames()], "a list of users")));
const groups = once(() =>
  v.pipe(
    v.union(
      [groupNames(), listOf(groupNames(), "a list of groups"), named(group(), v.unknown())],
      "a list of groups",
    ),
    v.transform((value) => (typeof value === "object" && !Array.isArray(value) ? Object.keys(value) : value)),
    v.transform((value) => [value].flat().flatMap(split)),
  ),
);

const NO_HOME = "homes are below /data/home, in an image that has SSH";
const noImport = once(() =>
  ignored(
    "keys aren't loaded from the network: what answers could log in",
    "write the keys below ssh_authorized_keys",
  ),
);

/** "-" and "_" are one in these keys, as cloud-init has it (user-keys.ts). */
const properties = once(() => ({
  groups: v.pipe(maybe(groups()), v.description("Groups, as a list or with commas.")),
  primary_group: v.pipe(maybe(group()), v.description("One more group.")),
  shell: v.pipe(maybe(matching(/^\/\S+$/, "a shell such as /bin/sh")), v.description("The login shell.")),
  lock_passwd: v.pipe(maybe(truth), v.description("Log in without a password only; yes when missing.")),
  passwd: v.pipe(maybe(passwordHash()), v.description("A password's hash, for a user who is new.")),
  hashed_passwd: v.pipe(maybe(passwordHash()), v.description("A password's hash.")),
  plain_text_passwd: v.pipe(
    maybe(password()),
    v.description("A password. The device hashes it, and keeps nothing else of it."),
  ),
  ssh_authorized_keys: v.pipe(maybe(publicKeys()), v.description("Public keys to log in with.")),
  gecos: v.pipe(maybe(v.string("a person's name")), v.description("A person's name; not used.")),
  sudo: v.pipe(anything, v.description("There is no sudo; not used.")),
  doas: ignored("the system has no doas"),
  homedir: ignored(NO_HOME),
  no_create_home: ignored(NO_HOME),
  no_user_group: ignored("an account has the groups that are named"),
  no_log_init: ignored("logins aren't counted"),
  create_groups: ignored("groups are kept with the account"),
  system: ignored("accounts have no numbers here"),
  uid: ignored("accounts have no numbers here"),
  inactive: ignored("an account doesn't end"),
  expiredate: ignored("an account doesn't end"),
  selinux_user: ignored("the system has no SELinux"),
  snapuser: ignored("the system has no snapd", "give the user keys of their own"),
  ssh_import_id: noImport(),
  ssh_redirect_user: ignored("there is no user of a cloud to send people to"),
}));

export const user = once(() =>
  mapping({
    name: v.pipe(maybe(userName()), v.description('The user\'s name; "default" when missing.')),
    ...properties(),
  }),
);

export type ConfigUser = v.InferOutput<ReturnType<typeof user>>;

function namesLike(pattern: RegExp, what: string) {
  return v.pipe(
    v.string(what),
    v.check((text) => split(text).every((name) => pattern.test(name)), what),
  );
}
