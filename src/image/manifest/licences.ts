// Debian's names of licences in SPDX's words. Pure.

/** Debian's short names that SPDX's list of licences has too, under another or the same name. */
const SPDX_NAMES: Readonly<Record<string, string>> = {
  "0BSD": "0BSD",
  "Apache-2": "Apache-2.0",
  "Apache-2.0": "Apache-2.0",
  "BSD-2-clause": "BSD-2-Clause",
  "BSD-3-clause": "BSD-3-Clause",
  Expat: "MIT",
  "GPL-2": "GPL-2.0-only",
  "GPL-2.0": "GPL-2.0-only",
  "GPL-2+": "GPL-2.0-or-later",
  "GPL-2.0+": "GPL-2.0-or-later",
  "GPL-3": "GPL-3.0-only",
  "GPL-3+": "GPL-3.0-or-later",
  ISC: "ISC",
  "LGPL-2": "LGPL-2.0-only",
  "LGPL-2+": "LGPL-2.0-or-later",
  "LGPL-2.1": "LGPL-2.1-only",
  "LGPL-2.1+": "LGPL-2.1-or-later",
  "LGPL-3": "LGPL-3.0-only",
  "LGPL-3+": "LGPL-3.0-or-later",
  MIT: "MIT",
  "MPL-2.0": "MPL-2.0",
};

/** An SPDX licence expression for all of these names; undefined if only one of them is no name of SPDX's. */
export function spdxExpression(names: readonly string[]): string | undefined {
  const known = names.map((name) => SPDX_NAMES[name] ?? SPDX_NAMES[name.replace("-Clause", "-clause")]);
  if (names.length === 0 || known.some((name) => name === undefined)) return undefined;
  return [...new Set(known)].sort().join(" AND ");
}
