// Which values never appear in a message, whatever is wrong with them. Pure.
import type { Path } from "./problems.ts";

const SECRET = /passw|secret|token|edge_?key|credential|private|^(content|chpasswd|list|username|auth)$/i;

/** Everything below such a key is. */
export function isSecret(path: Path): boolean {
  return path.some((part) => typeof part === "string" && SECRET.test(part));
}
