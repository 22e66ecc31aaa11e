// Who gives no instance-id has another instance with each change: what is done once is then done once for each text. Pure.
import { NO_ID } from "./decide.ts";

/** `texts` are those that are kept: with hashes for passwords. */
export function instanceIdOf(
  given: string,
  hasMetaData: boolean,
  texts: readonly string[],
  sha256: (text: string) => string,
): string {
  if (hasMetaData && given !== NO_ID) return given;
  return `text-${sha256(JSON.stringify(texts)).slice(0, 16)}`;
}
