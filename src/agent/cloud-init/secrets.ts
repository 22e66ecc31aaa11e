// Which values never appear in a message, whatever is wrong with them: passwords, and what may hold one. Pure.
import type { Path } from "./problems.ts";

const SECRET =
  /passw|secret|token|edge_?key|credential|private|^(content|chpasswd|list|username|auth|bootcmd|runcmd|flags)$/i;

/** Everything below such a key is. */
export function isSecret(path: Path, value: unknown): boolean {
  return (
    (typeof value === "string" && value.includes("PRIVATE KEY")) ||
    path.some((part) => typeof part === "string" && SECRET.test(part))
  );
}
