// The licences that a Debian copyright file names. Pure.
import * as v from "valibot";

/** What stands for a copyright file that only a person can read. */
export const SEE_COPYRIGHT = "see copyright";

/** Debian's short names, of the parts of a package. */
export const Licences = v.union([v.array(v.string()), v.literal(SEE_COPYRIGHT)]);
export type Licences = v.InferOutput<typeof Licences>;

/** Packages of one source may share a folder, by a link (Debian policy, 12.3): then another package has the file. */
export type Copyright = { readonly text: string } | { readonly sameAs: string };

/**
 * The short names in a machine-readable copyright file (Debian policy, copyright-format 1.0, 7.2), sorted and as they
 * are written there.
 */
export function parseLicences(copyright: string): Licences {
  if (!/^Format:.*copyright-format/m.test(copyright.slice(0, 1000))) return SEE_COPYRIGHT;
  const names = [...copyright.matchAll(/^License:[ \t]*(\S.*?)[ \t]*$/gm)].map(([, name = ""]) => name);
  return names.length === 0 ? SEE_COPYRIGHT : [...new Set(names)].sort();
}
