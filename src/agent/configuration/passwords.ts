// Passwords in plain text: the device hashes them before anything is kept, told or applied. The text stays where it came
// from, and nowhere else.
import type { Account, Action, Decision } from "../cloud-init/actions.ts";
import { NOBODYS, type PlainText, rewriteText } from "../cloud-init/plain-passwords.ts";
import { readableText } from "../cloud-init/source.ts";
import type { Host } from "../host.ts";
import type { Source } from "./sources/source.ts";

export interface Hashed {
  readonly decision: Decision;
  /** To be kept: with hashes for passwords. */
  readonly sources: readonly Source[];
  readonly problems: readonly string[];
}

export function hashPasswords(
  host: Host,
  decision: Decision,
  sources: readonly Source[],
  places: readonly PlainText[],
): Hashed {
  const rewrite = (wordFor: (password: string) => string) =>
    sources.map((source) => {
      const own = places.filter(({ file }) => file === source.name);
      return own.length === 0
        ? source
        : { ...source, text: rewriteText(readableText(source.text), own, wordFor) };
    });
  // The same at each boot, since flash wears out; and of all that isn't secret, so that nobody learns of a password from it.
  const seed = JSON.stringify(rewrite(() => "").map(({ text }) => text));
  const hashes = new Map<string, string>();
  const problems: string[] = [];
  for (const password of new Set(places.flatMap(({ passwords }) => passwords))) {
    const hash = hashOf(host, password, host.sha256(`${seed}${hashes.size}`).slice(0, 16));
    if (hash === undefined) problems.push("a password could not be hashed: nobody can log in with it");
    hashes.set(password, hash ?? NOBODYS);
  }
  const wordFor = (password: string) => hashes.get(password) ?? NOBODYS;
  return { decision: withHashes(decision, wordFor), sources: rewrite(wordFor), problems };
}

/** SHA-512 crypt(3), which `openssl passwd -6` makes, too. */
function hashOf(host: Host, password: string, salt: string): string | undefined {
  const args = ["mkpasswd", "-m", "sha512", "-S", salt, "-P", "0"];
  const { exitCode, stdout } = host.run(args, { timeoutMs: 30_000, input: password });
  const hash = stdout.trim();
  return exitCode === 0 && hash.startsWith(`$6$${salt}$`) ? hash : undefined;
}

function withHashes(decision: Decision, wordFor: (password: string) => string): Decision {
  const actions = decision.actions.map((action): Action => {
    if (action.do !== "keep-accounts") return action;
    return { ...action, accounts: action.accounts.map((account) => hashedAccount(account, wordFor)) };
  });
  return { ...decision, actions };
}

function hashedAccount(
  { plainPassword, ...account }: Account,
  wordFor: (password: string) => string,
): Account {
  return plainPassword === undefined ? account : { ...account, passwordHash: wordFor(plainPassword) };
}
