// Reads keys.json, whoever signed it: whoever builds an image decides whose updates it takes.
import { readFileSync } from "node:fs";
import { UserError } from "../../lib/errors.ts";
import { nodeMath } from "../../lib/signature-math.ts";
import { parseUpdateKeys, type UpdateKeys } from "../../release/update-keys.ts";

/** Throws when it isn't what a device can read. */
export function readUpdateKeys(path: string): UpdateKeys {
  const hint = "`kubesolo-os keys create DIR` makes one: DIR/keys.json";
  const verdict = parseUpdateKeys(readText(path, hint), nodeMath);
  if ("refusal" in verdict) throw new UserError(`cannot use "${path}": ${verdict.refusal}`, { hint });
  return verdict.keys;
}

function readText(path: string, hint: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UserError(`cannot read "${path}"`, { cause: error, hint });
  }
}
