// `kubesolo-os-agent screen [--below] FILE`: the status in a file, for a person in front of it.
import type { CommandLine, Outcome } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { drawCode } from "./code.ts";
import { accessLink, layOut } from "./page.ts";

const MAX_STATUS_BYTES = 64 * 1024;

export function screenCommand(host: Host, { words, options }: CommandLine): Outcome {
  const [path, ...more] = words;
  if (path === undefined || more.length > 0) return { mistake: "one file is needed, with a status" };
  if (host.stat(path) === undefined) {
    host.print("stderr", `there is no file "${path}"`);
    return exitCode.failed;
  }
  const status = host.readText(path, MAX_STATUS_BYTES);
  const link = accessLink(status);
  const code = link === undefined ? [] : drawCode(link, host.encodeUtf8);
  const text = options.has("--below") ? [status.trimEnd(), "", ...code].join("\n") : layOut(status, code);
  host.print("stdout", text.trimEnd());
  return exitCode.done;
}
