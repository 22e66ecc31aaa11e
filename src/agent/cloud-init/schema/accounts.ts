// Users, their keys and passwords. An image with SSH or a console login uses them; others keep them.
import * as v from "valibot";
import { once } from "../../once.ts";
import { ignored } from "./key-notes.ts";
import { listOf, mapping, maybe, named, oneOrMany, truth } from "./kinds.ts";
import { password, passwordLines } from "./passwords.ts";
import { publicKeys } from "./public-keys.ts";
import { GROUP, group, groupNames, members, USER, USER_NAME, user, userName, userNames } from "./users.ts";

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
      maybe(v.union([user(), userName()], USER)),
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
