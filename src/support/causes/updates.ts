// Updates, and the node's configuration.
import type { Cause } from "./cause.ts";

export const updateCauses: readonly Cause[] = [
  {
    name: "update-undone",
    says: "an update was undone: the new system didn't show that it is healthy",
    do: "last-words.txt has what it said; mend that, or wait for another release. It isn't tried again by itself",
    signs: [{ part: "history.txt", line: /^.{10,40}? {2}failed / }],
  },
  {
    name: "state-lost",
    says: "the boot partition's note of which slot counts is lost",
    do: "an activated update or a confirmation writes it anew; if it comes again, replace the disk",
    signs: [
      { part: "versions.txt", line: /kubesolo\.reason=state-lost/ },
      { part: "updates.json", line: /"reason": "(?:StateLost|Unreadable)"/ },
    ],
  },
  {
    name: "tries-exhausted",
    says: "the system that was meant to run used up its three tries; the one before runs",
    do: "history.txt and last-words.txt say how far it got",
    signs: [{ part: "versions.txt", line: /kubesolo\.reason=tries-exhausted/ }],
  },
  {
    name: "kernel-panic",
    says: "a kernel panicked",
    do: "send last-words.txt and kernel.log to the project; faulty memory does that, too",
    signs: [
      { part: "last-words.txt", line: /Kernel panic - not syncing/ },
      { part: "system.log", line: /the kernel before this one panicked|Kernel panic - not syncing/ },
    ],
  },
  {
    name: "update-refused",
    says: "a release was refused",
    do: "the line says why: another profile, an unknown key, too old, no room",
    signs: [{ part: "history.txt", line: /^.{10,40}? {2}refused / }],
  },
  {
    name: "configuration-not-used",
    says: "the node's configuration can't be used: the last good one, or built-in defaults, count instead",
    do: "mend what is told; `kubesolo-os config check FILE` says the same on a workstation",
    signs: [{ part: "configuration.txt", line: /^configuration +NOT USED|^refused / }],
  },
  {
    name: "configuration-problems",
    says: "a part of the node's configuration couldn't be carried out",
    do: "mend what is told",
    signs: [{ part: "configuration.txt", line: /^problem / }],
  },
];
