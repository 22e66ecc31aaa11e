// bootcmd and runcmd: lines for a shell, or programs with their arguments.
import * as v from "valibot";
import { once } from "../../once.ts";
import { listOf, maybe } from "./kinds.ts";

const ARGUMENT = "a program's name or an argument";

/** What looks like a number in a list is an argument, too: arguments.ts has made a text of it. */
const argument = once(() =>
  v.pipe(
    v.union([v.string(ARGUMENT), v.number(ARGUMENT), v.boolean(ARGUMENT)], ARGUMENT),
    v.transform(String),
  ),
);

const COMMAND = "a command: a line for sh, or a list of a program and its arguments";

const command = once(() =>
  v.union(
    [v.string(COMMAND), v.pipe(v.array(argument(), COMMAND), v.minLength(1, COMMAND)), v.null()],
    COMMAND,
  ),
);

export type ConfigCommand = v.InferOutput<ReturnType<typeof command>>;

export const commandKeys = {
  bootcmd: () =>
    v.pipe(
      maybe(listOf(command(), "a list of commands")),
      v.description("Commands for each boot, before there is a network. All of them are one script for sh."),
    ),
  runcmd: () =>
    v.pipe(
      maybe(listOf(command(), "a list of commands")),
      v.description(
        "Commands for the first boot with this instance-id, once there is a network. All of them are one script for sh.",
      ),
    ),
};
