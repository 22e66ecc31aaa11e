// "name:group" as the numbers that a file has.
import { readIfThere } from "../../expected.ts";
import type { Host } from "../../host.ts";

interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

const MAX_BYTES = 64 * 1024;

/** Names of /etc/passwd and /etc/group, or numbers; a text says why it can't be used. */
export function parseOwner(host: Host, owner: string | undefined): Owner | string {
  if (owner === undefined || owner === "" || owner === "root:root") return {};
  const [user = "", group = ""] = owner.split(":");
  const uid = user === "" ? 0 : numberOf(user, readIfThere(host, "/etc/passwd", MAX_BYTES) ?? "");
  const gid = group === "" ? 0 : numberOf(group, readIfThere(host, "/etc/group", MAX_BYTES) ?? "");
  if (uid === undefined) return `there is no user "${user}"`;
  if (gid === undefined) return `there is no group "${group}"`;
  return { uid, gid };
}

/** The third field of the line with this name in the first, in both files. */
function numberOf(name: string, table: string): number | undefined {
  if (/^\d{1,10}$/.test(name)) return Number(name);
  const fields = table.split("\n").map((line) => line.split(":"));
  const number = fields.find(([first]) => first === name)?.[2];
  return number === undefined ? undefined : Number(number);
}
