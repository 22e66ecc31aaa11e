// Where a command finds a release: what a person named, else what is on a stick, else what the configuration names.
import type { Outcome } from "../../command.ts";
import { exitCode } from "../../exit-code.ts";
import type { Host } from "../../host.ts";
import { UpdateFailure } from "../failure.ts";
import { readSettings } from "../settings.ts";
import { isUrl } from "./source.ts";
import { UPDATE_LABEL, withStick } from "./stick.ts";

/** `work`: undefined when there is nothing to do with what is there, so that the next place is asked. */
export function fromSource(
  host: Host,
  words: readonly string[],
  work: (where: string) => Outcome | undefined,
): Outcome {
  const [named, more] = words;
  if (more !== undefined) return { mistake: `one bundle, not also "${more}"` };
  if (named !== undefined) {
    if (isWhere(named)) return work(named) ?? exitCode.done;
    return { mistake: `neither an absolute path nor a URL: "${named}"` };
  }
  let isStickAsked = false;
  const outcome = withStick(host, (where) => {
    isStickAsked = true;
    return work(where);
  });
  if (outcome !== undefined) return outcome;
  const { source } = readSettings(host);
  if (source === undefined && isStickAsked) return exitCode.done;
  if (source === undefined)
    return {
      mistake: `no bundle is given; nor is there a stick ${UPDATE_LABEL}, nor kubesolo.updates.source in the configuration`,
    };
  if (isWhere(source))
    return work(isFile(source) ? source : `${source.replace(/\/$/, "")}/`) ?? exitCode.done;
  throw new UpdateFailure(
    `kubesolo.updates.source: this version takes no updates from ${source}`,
    "name an http or https URL",
  );
}

const isWhere = (text: string): boolean => isUrl(text) || text.startsWith("/");

/** A source is a folder unless it is named as a bundle: people leave the slash at its end out. */
const isFile = (source: string): boolean => source.endsWith(".tar");
