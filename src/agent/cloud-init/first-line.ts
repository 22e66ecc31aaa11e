// What the first line of user-data says that the rest is. cloud-init knows a dozen kinds; we read one. Pure.
import type { Problem } from "./problems.ts";
import { readableText, type SourceText } from "./source.ts";

interface Kind {
  readonly begins: RegExp;
  readonly message: string;
  readonly hint: string;
}

const CLOUD_CONFIG = "#cloud-config";

/** In order: the first that fits. */
const REFUSED: readonly Kind[] = [
  {
    begins: /^#!/,
    message: "a script; this node reads #cloud-config only",
    hint: "put the script below write_files and start it from runcmd",
  },
  {
    begins: /^##\s*template:/i,
    message: "a template; the node fills in none, since its values aren't known before it starts",
    hint: "write the values out, and begin with #cloud-config",
  },
  {
    begins: /^(content-type:\s*multipart|mime-version:|from nobody)/i,
    message: "a MIME message of several parts; the node reads one file",
    hint: "join the #cloud-config parts into one file; put scripts below write_files and runcmd",
  },
  {
    begins: /^content-type:/i,
    message: "a MIME message; the node reads a plain file",
    hint: "remove the header, so that the first line is #cloud-config",
  },
  {
    begins: /^#include(-once)?\b/,
    message: "a list of URLs to include; the node loads no configuration from the network",
    hint: "put the content of those files into this one",
  },
  {
    begins: /^#cloud-boothook/,
    message: "a boot hook; this node reads #cloud-config only",
    hint: "put the commands below bootcmd",
  },
  {
    begins: /^#cloud-config-archive/,
    message: "an archive of several parts; the node reads one file",
    hint: "join the #cloud-config parts into one file",
  },
  {
    begins: /^#cloud-config-jsonp/,
    message: "a JSON patch of another configuration; the node reads one file",
    hint: "apply the patch, and write the result as #cloud-config",
  },
  {
    begins: /^#part-handler/,
    message: "a program for cloud-init, in Python; the node has neither",
    hint: "write what it makes as #cloud-config",
  },
  {
    begins: /^#upstart-job/,
    message: "a job for Upstart; the node has none",
    hint: "put the commands below bootcmd or runcmd, or run a container",
  },
  {
    begins: /^(rancheros|#rancheros)/,
    message: "a configuration of RancherOS",
    hint: "see docs/node-configuration.md for the keys of this system; begin with #cloud-config",
  },
  {
    begins: /^\s*{\s*"ignition"/,
    message: "a configuration for Ignition; this node reads #cloud-config",
    hint: "files go below write_files; see docs/node-configuration.md",
  },
  {
    begins: /^(version: v1alpha1|machine:)/,
    message: "a machine configuration of Talos; this node reads #cloud-config",
    hint: "see docs/node-configuration.md for the keys of this system",
  },
  {
    begins: /^<powershell>|^rem cmd|^#ps1/i,
    message: "a script for Windows; this node reads #cloud-config only",
    hint: "see docs/node-configuration.md",
  },
];

/** What other files of a volume look like. */
const OTHERS: readonly [pattern: RegExp, hint: string][] = [
  [
    /^(?:version|network|ethernets):/m,
    "if this is a network's file, call it network-config: files are told apart by their names",
  ],
  [
    /^(?:instance-id|local-hostname):/m,
    "if this is meta-data, call it so: files are told apart by their names",
  ],
];

/** What is wrong with the first line, if anything. Space before it and capitals do no harm, as in cloud-init. */
export function checkFirstLine({ file, text }: SourceText): Problem | undefined {
  const begin = readableText(text).trimStart();
  if (/^#cloud-config(\s|$)/i.test(begin)) return undefined;
  const kind = REFUSED.find(({ begins }) => begins.test(begin.slice(0, 200)));
  if (kind !== undefined) return problem(file, kind.message, kind.hint);
  if (begin === "") return problem(file, "the file is empty", `write ${CLOUD_CONFIG} on its first line`);
  const other = OTHERS.find(([pattern]) => pattern.test(begin));
  if (other !== undefined) return problem(file, `the first line isn't ${CLOUD_CONFIG}`, other[1]);
  const hasIt = /^[ \t]*#[ \t]?cloud-config[ \t]*$/im.test(begin);
  const hint = hasIt
    ? `nothing may stand before ${CLOUD_CONFIG}, and it is written like this`
    : `write ${CLOUD_CONFIG} on the first line`;
  return problem(file, `the first line isn't ${CLOUD_CONFIG}`, hint);
}

function problem(file: string, message: string, hint: string): Problem {
  return { severity: "error", file, line: 1, column: 1, path: "", message, hint };
}
