// `kubesolo-os-agent support [FILE]`: a support bundle for who has a shell here, or asks the API server; with --stick, for who stands
// at the machine.
import type { CommandLine, Outcome } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { places } from "../places.ts";
import { isTold } from "../update/failure.ts";
import { writeBundle } from "./bundle.ts";
import { writeOntoSticks } from "./stick.ts";

export function supportCommand(host: Host, { words, options }: CommandLine): Outcome {
  const [file = places.supportBundle, ...more] = words;
  if (more.length > 0) return { mistake: `unexpected "${more[0]}"` };
  if (options.has("--stick"))
    return words.length > 0 ? { mistake: "--stick takes no file" } : writeOntoSticks(host);
  try {
    writeBundle(host, file);
  } catch (error) {
    if (!isTold(error)) throw error;
    host.print("stderr", `no support bundle could be made: ${error.message}`);
    host.print(
      "stderr",
      `hint: name a file in a folder that is there and has room, such as ${places.supportBundle}`,
    );
    return exitCode.failed;
  }
  host.print("stdout", file);
  return exitCode.done;
}
