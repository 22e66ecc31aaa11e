// Users, their keys and passwords. An image with SSH or a console login uses them; others keep them.
import * as v from "valibot";
import { once } from "../../once.ts";
import { anything, ignored, listOf, mapping, matching, maybe, oneOrMany, refused, truth } from "./kinds.ts";

const NAME = "a user's name such as admin";
const userName = once(() => matching(/^[a-z_][a-z0-9_-]{0,31}$/, NAME));
const KEY = 'a public key such as "ssh-ed25519 AAAA… me@example.com"';
const KEY_TYPES =
  "(?:ssh-(?:ed25519|rsa|dss)|ecdsa-sha2-nistp(?:256|384|521)|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\\.com)";
/** Options may stand before the type. */
export const publicKey = once(() =>
  v.pipe(
    v.string(KEY),
    v.check((value) => !/PRIVATE KEY/.test(value), "a public key, never a private one"),
    v.transform((value) => value.trim()),
    v.regex(new RegExp(`^(?:\\S.*\\s)?${KEY_TYPES}\\s+[A-Za-z0-9+/]{16,}={0,3}(?:\\s.*)?$`), KEY),
  ),
);
const publicKeys = once(() => oneOrMany(publicKey(), "a list of public keys"));

const HASH = "a password's hash, from `openssl passwd -6`";
const passwordHash = once(() =>
  v.pipe(v.string(HASH), v.regex(/^(?:\$(?:1|2[abxy]?|5|6|7|y|gy|sha1)\$[^\s:]+|[!*x]{1,2})$/, HASH)),
);

const group = once(() => matching(/^[a-z_][a-z0-9_-]{0,31}\$?$/, "a group's name"));
const groups = once(() =>
  v.pipe(
    v.union(
      [v.string("groups"), listOf(group(), "a list of groups"), v.record(v.string(), v.unknown())],
      "a list of groups",
    ),
    v.transform((value) => {
      if (typeof value === "string") return value.split(",").map((name) => name.trim());
      return Array.isArray(value) ? value : Object.keys(value);
    }),
  ),
);

const PLAIN = "a password in plain text, which would lie on the disk as it is";
const HASH_IT = "hash it with `openssl passwd -6`, and write the hash as hashed_passwd";
const NO_HOME = "the root is immutable: accounts have no files of their own";

const noImport = once(() =>
  refused(
    "keys aren't loaded from the network: what answers could log in",
    "write the keys below ssh_authorized_keys",
  ),
);
const noRedirect = once(() => refused("there is no user of a cloud to send people to", "remove the key"));
const OLDER = "The older spelling.";

const user = once(() =>
  mapping({
    name: v.pipe(userName(), v.description("The user's name.")),
    groups: v.pipe(maybe(groups()), v.description("Groups, as a list or with commas.")),
    primary_group: v.pipe(maybe(group()), v.description("One more group.")),
    "primary-group": v.pipe(maybe(group()), v.description(OLDER)),
    shell: v.pipe(maybe(matching(/^\/\S+$/, "a shell such as /bin/sh")), v.description("The login shell.")),
    lock_passwd: v.pipe(maybe(truth), v.description("Log in without a password only; yes when missing.")),
    "lock-passwd": v.pipe(maybe(truth), v.description(OLDER)),
    passwd: v.pipe(maybe(passwordHash()), v.description("A password's hash, for a user who is new.")),
    hashed_passwd: v.pipe(maybe(passwordHash()), v.description("A password's hash.")),
    "hashed-passwd": v.pipe(maybe(passwordHash()), v.description(OLDER)),
    plain_text_passwd: refused(PLAIN, HASH_IT),
    "plain-text-passwd": refused(PLAIN, HASH_IT),
    ssh_authorized_keys: v.pipe(maybe(publicKeys()), v.description("Public keys to log in with.")),
    "ssh-authorized-keys": v.pipe(maybe(publicKeys()), v.description(OLDER)),
    gecos: v.pipe(maybe(v.string("a person's name")), v.description("A person's name; not used.")),
    sudo: v.pipe(anything, v.description("There is no sudo; not used.")),
    doas: ignored("the system has no doas"),
    homedir: ignored(NO_HOME),
    no_create_home: ignored(NO_HOME),
    "no-create-home": ignored(NO_HOME),
    no_user_group: ignored("an account has the groups that are named"),
    "no-user-group": ignored("an account has the groups that are named"),
    no_log_init: ignored("logins aren't counted"),
    "no-log-init": ignored("logins aren't counted"),
    create_groups: ignored("groups are kept with the account"),
    "create-groups": ignored("groups are kept with the account"),
    system: ignored("accounts have no numbers here"),
    uid: ignored("accounts have no numbers here"),
    inactive: ignored("an account doesn't end"),
    expiredate: ignored("an account doesn't end"),
    selinux_user: ignored("the system has no SELinux"),
    "selinux-user": ignored("the system has no SELinux"),
    snapuser: refused("the system has no snapd", "give the user keys of their own"),
    ssh_import_id: noImport(),
    "ssh-import-id": noImport(),
    ssh_redirect_user: noRedirect(),
    "ssh-redirect-user": noRedirect(),
  }),
);

export type ConfigUser = v.InferOutput<ReturnType<typeof user>>;

const defaultUser = once(() =>
  mapping({
    ...user().entries,
    name: v.pipe(maybe(userName()), v.description("The user's name; kubesolo when missing.")),
  }),
);
const fixed = once(() => ignored("what the system is can't be said from outside"));

const changed = once(() =>
  mapping({
    name: v.pipe(userName(), v.description("Whose.")),
    password: v.pipe(maybe(passwordHash()), v.description("The password's hash.")),
    type: v.pipe(
      maybe(v.literal("hash", "hash: others would put a password in plain text on the disk or the console")),
      v.description("hash."),
    ),
  }),
);

const LINE = "lines of a user's name, a colon and a password's hash";
const lines = once(() =>
  v.pipe(
    v.string(LINE),
    v.check(
      (value) =>
        passwordLines(value).every(([name, hash]) => v.is(userName(), name) && v.is(passwordHash(), hash)),
      LINE,
    ),
    v.transform(passwordLines),
  ),
);

/** "name:hash" a line, as chpasswd(8) takes it. */
function passwordLines(text: string): [name: string, hash: string][] {
  const written = text.split("\n").filter((line) => line.trim() !== "");
  return written.map((line) => {
    const colon = line.indexOf(":");
    return colon < 0 ? [line, ""] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  });
}

export const accountKeys = {
  ssh_authorized_keys: () => v.pipe(maybe(publicKeys()), v.description("Public keys of the default user.")),
  users: () =>
    v.pipe(
      maybe(
        v.union(
          [
            listOf(v.union([user(), userName()], "a user's name, or a mapping of keys"), "a list of users"),
            userName(),
          ],
          "a list of users",
        ),
      ),
      v.description('Who may log in, when the image has a login. "default" is the user kubesolo.'),
    ),
  user: () =>
    v.pipe(
      maybe(v.union([defaultUser(), userName()], NAME)),
      v.description("The default user's name, or what differs about them."),
    ),
  system_info: () =>
    v.pipe(
      maybe(
        mapping({
          default_user: v.pipe(maybe(defaultUser()), v.description("As user; user goes before it.")),
          distro: fixed(),
          paths: fixed(),
          package_mirrors: fixed(),
          ssh_svcname: fixed(),
          network: fixed(),
        }),
      ),
      v.description("Where clouds say who the default user is."),
    ),
  chpasswd: () =>
    v.pipe(
      maybe(
        mapping({
          users: v.pipe(
            maybe(listOf(changed(), "a list of users")),
            v.description("Whose password is what."),
          ),
          list: v.pipe(
            maybe(oneOrMany(lines(), LINE)),
            v.description("The older way to write users: lines of a name, a colon and a hash."),
          ),
          expire: v.pipe(
            maybe(truth),
            v.description("A password never has to be changed at the next login."),
          ),
        }),
      ),
      v.description("Passwords of users, as hashes."),
    ),
  password: () => v.pipe(maybe(passwordHash()), v.description("The default user's password, as a hash.")),
  groups: () => ignored("groups are kept with the accounts that have them"),
};
