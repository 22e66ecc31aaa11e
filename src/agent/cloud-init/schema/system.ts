// The machine's names and what cloud-init does to its disk.
import * as v from "valibot";
import { ignored } from "./key-notes.ts";
import { anything, mapping, maybe, truth } from "./kinds.ts";
import { domainName, hostName } from "./names.ts";
import { timezone } from "./timezone.ts";

export const systemKeys = {
  hostname: () =>
    v.pipe(
      maybe(hostName),
      v.description(
        "The machine's name. A new node is called so, too, and keeps that name. With dots it is taken as fqdn.",
      ),
    ),
  fqdn: () =>
    v.pipe(
      maybe(domainName),
      v.description("The name with its domain; its first part is the hostname when there is none."),
    ),
  prefer_fqdn_over_hostname: () =>
    v.pipe(
      maybe(truth),
      v.description("Take fqdn as the machine's name, whole. Not done here: a node's name has no dots."),
    ),
  preserve_hostname: () =>
    v.pipe(maybe(truth), v.description("Leave the name as it is: hostname and fqdn have no effect.")),
  create_hostname_file: () => v.pipe(maybe(truth), v.description("The name is kept; no has no effect.")),
  manage_etc_hosts: () =>
    v.pipe(
      maybe(v.union([truth, v.literal("localhost"), v.literal("template")], "yes, no or localhost")),
      v.description("/etc/hosts always has the machine's name."),
    ),
  timezone: () =>
    v.pipe(
      maybe(timezone()),
      v.description(
        "Of the machine's clock and logs, such as Europe/Berlin; UTC when missing. Pods have their own.",
      ),
    ),
  growpart: () =>
    v.pipe(
      maybe(
        mapping({
          mode: v.pipe(
            maybe(
              v.union(
                [v.picklist(["auto", "growpart", "gpart", "off"], "auto or off"), v.literal(false)],
                "auto or off",
              ),
            ),
            v.description("off has no effect."),
          ),
          devices: v.pipe(anything, v.description("It is always the data partition.")),
          ignore_growroot_disabled: v.pipe(maybe(truth), v.description("Nothing turns it off.")),
        }),
      ),
      v.description("The data partition always grows to the end of its disk at the first boot."),
    ),
  resize_rootfs: () =>
    v.pipe(
      maybe(v.union([truth, v.literal("noblock")], "yes, no or noblock")),
      v.description("The data partition's file system always grows with it."),
    ),
  resize_rootfs_tmp: () => ignored("nothing needs to be mounted to grow the data partition"),
};
