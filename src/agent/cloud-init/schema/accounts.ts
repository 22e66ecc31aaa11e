// Users, their keys and passwords. An image with SSH or a console login uses them; others keep them.
import * as v from "valibot";
import { once } from "../../once.ts";
import { anything, ignored, listOf, mapping, matching, maybe, named, oneOrMany, truth } from "./kinds.ts";
import { password, passwordHash, passwordLines } from "./passwords.ts";

const NAME = "a user's name such as admin";
const USER_NAME = /^[a-z_][a-z0-9_-]{0,31}$/;
const userName = once(() => matching(USER_NAME, NAME));
/** As text, several with commas between them. */
const userNames = once(() => namesLike(USER_NAME, NAME));
const KEY = 'a public key such as "ssh-ed25519 AAAA… me@example.com"';
const KEY_TYPES =
  "(?:ssh-(?:ed25519|rsa|dss)|ecdsa-sha2-nistp(?:256|384|521)|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\\.com)";
const PUBLIC_KEY = new RegExp(
  `^(?:\\S.*\\s)?${KEY_TYPES}(?:-cert-v01@openssh\\.com)?\\s+[A-Za-z0-9+/]{16,}={0,3}(?:\\s.*)?$`,
);
/** One that nobody could log in with is left out, as SSH does it. */
export const publicKey = once(() =>
  v.pipe(
    v.string(KEY),
    v.check((value) => !/PRIVATE KEY/.test(value), "a public key, never a private one"),
    v.transform((value) => value.trim()),
  ),
);
const publicKeys = once(() => oneOrMany(publicKey(), "a list of public keys"));

/** Options may stand before the type. */
export function isPublicKey(text: string): boolean {
  return PUBLIC_KEY.test(text);
}

const GROUP = "a group's name";
const GROUP_NAME = /^[a-z_][a-z0-9_-]{0,31}\$?$/;
const group = once(() => matching(GROUP_NAME, GROUP));
const groupNames = once(() => namesLike(GROUP_NAME, "groups' names"));
const members = once(() => maybe(v.union([listOf(userName(), NAME), userNames()], "a list of users")));
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

const user = once(() =>
  mapping({
    name: v.pipe(maybe(userName()), v.description('The user\'s name; "default" when missing.')),
    ...properties(),
  }),
);

export type ConfigUser = v.InferOutput<ReturnType<typeof user>>;

const fixed = once(() => ignored("what the system is can't be said from outside"));

const TYPE = "hash, text or RANDOM";
const changed = once(() =>
  mapping({
    name: v.pipe(userName(), v.description("Whose.")),
    password: v.pipe(maybe(password()), v.description("The password, or its hash.")),
    type: v.pipe(
      maybe(v.picklist(["hash", "text", "RANDOM"], TYPE)),
      v.description(`${TYPE}; hash when missing.`),
    ),
  }),
);

export type ConfigChange = v.InferOutput<ReturnType<typeof changed>>;

const LINE = "lines of a user's name, a colon and a password or its hash";
const lines = once(() =>
  v.pipe(
    v.string(LINE),
    v.check((value) => passwordLines(value).every(([name]) => USER_NAME.test(name)), LINE),
    v.transform(passwordLines),
  ),
);

const USERS = "a list of users, each a name or a mapping with one";

export const accountKeys = {
  ssh_authorized_keys: () => v.pipe(maybe(publicKeys()), v.description("Public keys of the default user.")),
  users: () =>
    v.pipe(
      maybe(
        v.union(
          [
            listOf(v.union([user(), userNames()], "a user's name, or a mapping of keys"), USERS),
            named(userName(), v.union([user(), truth], "a mapping of keys, or yes"), USERS),
            userNames(),
          ],
          USERS,
        ),
      ),
      v.description(
        'Who may log in, when the image has a login. "default" is the user kubesolo. A user who is there twice has what both entries say.',
      ),
    ),
  user: () =>
    v.pipe(
      maybe(v.union([user(), userName()], NAME)),
      v.description("The default user's name, or what differs about them; they are there besides users."),
    ),
  system_info: () =>
    v.pipe(
      maybe(
        mapping({
          default_user: v.pipe(maybe(user()), v.description("As user; user goes before it.")),
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
            v.description(
              "The older way to write users: lines of a name, a colon and a password or its hash.",
            ),
          ),
          expire: v.pipe(
            maybe(truth),
            v.description("A password never has to be changed at the next login."),
          ),
        }),
      ),
      v.description("Passwords of users."),
    ),
  password: () =>
    v.pipe(
      maybe(password()),
      v.description("The default user's password, or its hash; no effect beside users or list of chpasswd."),
    ),
  disable_root: () =>
    v.pipe(maybe(truth), v.description("no: root has the default user's keys, too; yes when missing.")),
  allow_public_ssh_keys: () => v.pipe(maybe(truth), v.description("no: leave out the keys of meta-data.")),
  groups: () =>
    v.pipe(
      maybe(
        v.union(
          [
            groupNames(),
            listOf(v.union([groupNames(), named(group(), members())], GROUP), "a list of groups"),
            named(group(), members()),
          ],
          "a list of groups",
        ),
      ),
      v.description("Groups, and whose they are; kept with the accounts that have them."),
    ),
};

export type ConfigGroups = NonNullable<v.InferOutput<ReturnType<typeof accountKeys.groups>>>;

function namesLike(pattern: RegExp, what: string) {
  return v.pipe(
    v.string(what),
    v.check((text) => split(text).every((name) => pattern.test(name)), what),
  );
}

/** Names with commas between them. */
export function split(text: string): string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
