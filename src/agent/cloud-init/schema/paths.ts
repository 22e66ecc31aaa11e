// Paths on the device.
import * as v from "valibot";
import { normalPath } from "../../storage.ts";

/** As it is written; a key that can't be missing needs its description before it is read. */
export const absoluteForm = v.pipe(
  v.string("an absolute path"),
  v.check(isAbsolutePath, "an absolute path without .., such as /etc/kubesolo/ca.crt"),
);
export const absolutePath = v.pipe(absoluteForm, v.transform(normalPath));

/** Of a folder, which may end with a slash. */
export const absoluteFolder = v.pipe(
  v.string("an absolute path"),
  v.check(
    (path) => isAbsolutePath(withoutSlashes(path)),
    "an absolute path without .., such as /var/lib/kubesolo/shared",
  ),
  v.transform(normalPath),
);

function withoutSlashes(path: string): string {
  return path.replace(/\/{1,16}$/, "");
}

function isAbsolutePath(path: string): boolean {
  const parts = path.split("/");
  if (!path.startsWith("/") || path.length >= 4096 || parts.includes("..")) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no file has them in its name by intent
  return !["", "."].includes(parts[parts.length - 1] as string) && !/[\0-\x1f\x7f]/.test(path);
}
