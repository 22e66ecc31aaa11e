// Accounts: what is kept otherwise than a person may think. Pure.
import type { Finding, Path } from "../problems.ts";
import type { NodeConfig } from "../schema/schema.ts";

export function crossCheckAccounts(config: NodeConfig): Finding[] {
  const findings: Finding[] = [];
  const warn = (path: Path, message: string, hint?: string) =>
    findings.push({ severity: "warning", path, message, hint, isAboutKey: true });

  const users = typeof config.users === "string" ? [config.users] : (config.users ?? []);
  for (const [index, user] of users.entries()) {
    if (typeof user === "string") continue;
    const path = ["users", index];
    const key = (["hashed_passwd", "hashed-passwd", "passwd"] as const).find((each) => user[each] != null);
    if (key !== undefined && (user.lock_passwd ?? user["lock-passwd"] ?? true))
      warn([...path, key], "no effect: the password is locked", "add lock_passwd: false");
    if (user.sudo != null && user.sudo !== false)
      warn([...path, "sudo"], "no effect: the system has no sudo");
  }
  const names = users.map((user) => (typeof user === "string" ? user : user.name));
  if (config.users != null && config.ssh_authorized_keys?.length && !names.includes("default"))
    warn(
      ["ssh_authorized_keys"],
      "there is no default user for these keys; they are kept for root",
      "add default to users",
    );
  const { chpasswd } = config;
  const isChanged = chpasswd?.list?.length || chpasswd?.users?.length || config.password != null;
  if (isChanged && chpasswd?.expire !== false) {
    const path =
      chpasswd?.expire != null ? ["chpasswd", "expire"] : chpasswd == null ? ["password"] : ["chpasswd"];
    warn(
      path,
      "the password does not have to be changed at the next login, as it would elsewhere",
      "say so with expire: false below chpasswd",
    );
  }
  return findings;
}
