// kubesolo.install: from the ISO onto a disk of the machine.
import * as v from "valibot";
import { mapping, matching, maybe, truth } from "./kinds.ts";
import { size } from "./storage.ts";

const END = "reboot or poweroff";

export const installKeys = {
  install: () =>
    v.pipe(
      maybe(
        mapping({
          disk: v.pipe(
            maybe(
              matching(
                /^[^\s*][^\n]{0,199}$/,
                "a disk such as nvme0n1, /dev/sda, or a serial number or WWN, with * for any letters",
              ),
            ),
            v.description(
              "Which disk: its name or path, or its serial number or WWN, with * for any letters. Without it: the only one that fits.",
            ),
          ),
          min_size: v.pipe(
            maybe(size()),
            v.description("Only a disk that has at least this much, such as 100G."),
          ),
          erase: v.pipe(
            maybe(truth),
            v.description(
              "Takes a disk that holds something, which is lost. One that has this system is never taken.",
            ),
          ),
          end: v.pipe(
            maybe(v.picklist(["reboot", "poweroff"], END)),
            v.description("What follows: reboot, or poweroff, until somebody has taken the medium out."),
          ),
        }),
      ),
      v.description(
        "Started from the ISO, the node installs the system on a disk of its machine, with this configuration.",
      ),
    ),
};
