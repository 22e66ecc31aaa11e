// Nothing secret leaves the box in a support bundle: what has the form of a secret, and the secrets that its configuration
// holds, wherever they stand. Pure.
import { HIDDEN, masked, withoutSecretLines } from "../cloud-init/secrets.ts";

/** Forms that a log may have and a configuration's message hasn't. Each bounded; what stands before the secret is kept. */
const FORMS: readonly RegExp[] = [
  // JSON Web Tokens, of service accounts and identity providers.
  /()\beyJ[\w-]{10,4096}\.[\w-]{10,4096}(?:\.[\w-]{0,4096})?/g,
  // crypt(3) and bcrypt.
  /()\$(?:\d|2[abxy]|y|gy|7|argon2id?)\$[\w./$=,+-]{8,256}/g,
  // A kubeconfig, wpa_supplicant, a PSK of any kind.
  /((?:client-key-data|[\w-]{0,32}psk|wpa_passphrase)["']?\s{0,4}[:=]\s{0,4})(?:"[^"\n]{0,1024}"?|[^\s,;]+)/gi,
  // Tokens that registries, GitHub and GitLab, AWS and kubeadm give.
  /()\b(?:gh[pousr]_\w{20,255}|github_pat_\w{20,255}|glpat-[\w-]{20,64}|dckr_pat_[\w-]{20,64}|AKIA[A-Z0-9]{16}|[a-z0-9]{6}\.[a-z0-9]{16})\b/g,
];

/** A function that hides them in a text of many lines. */
export function makeMask(secrets: readonly string[]): (text: string) => string {
  // The longest first: one may be a part of another.
  const known = [...new Set(secrets)].sort((a, b) => b.length - a.length);
  return (text) => {
    const withoutKnown = known.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
    const form = (rest: string, pattern: RegExp) => rest.replace(pattern, `$1${HIDDEN}`);
    return masked(FORMS.reduce(form, withoutKeyEnds(withoutSecretLines(withoutKnown))));
  };
}

const KEY_END = /^(.*?)-----END [A-Z ]{0,32}PRIVATE KEY/;
const BASE64 = /^(?:.*\s)?[\w+/=]{1,80}$/;

/** Of a key whose beginning was cut off, too: lines of base64 before its end. */
function withoutKeyEnds(text: string): string {
  const lines = text.split("\n");
  lines.forEach((line, end) => {
    if (!KEY_END.test(line)) return;
    lines[end] = line.replace(KEY_END, (found, before: string) => `${HIDDEN}${found.slice(before.length)}`);
    for (let index = end - 1; index >= 0 && BASE64.test(lines[index] ?? ""); index -= 1) {
      const isFirst = /\s/.test(lines[index] ?? "");
      lines[index] = (lines[index] ?? "").replace(/[\w+/=]{1,80}$/, HIDDEN);
      if (isFirst) return;
    }
  });
  return lines.join("\n");
}
