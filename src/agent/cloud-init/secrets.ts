// Which values never appear in a message, whatever is wrong with them: passwords, and what may hold one. Pure.
import { once } from "../once.ts";

type Path = readonly (string | number)[];

export const HIDDEN = "***";

const SECRET =
  /passw|secret|token|edge_?key|credential|private|authorized.keys|public.keys|^(content|chpasswd|list|username|auth|bootcmd|runcmd|flags|registries|portainer|ssh_keys)$/i;

const URLS = /^(?:url|source|http|uri)$/;

/** Everything below such a key is. */
export function isSecret(path: Path, value?: unknown): boolean {
  return (
    (typeof value === "string" && /PRIVATE KEY|^\$\d[\w]*\$/.test(value)) ||
    path.some((part) => typeof part === "string" && SECRET.test(part)) ||
    // Of a URL that isn't one, nobody knows what is its password.
    (typeof value === "string" && /[@?]/.test(value) && URLS.test(String(path[path.length - 1])))
  );
}

const NAMES =
  "pass(?:w(?:or)?d|phrase)?|psk|secret|token|(?:api|edge|auth|access|private|preshared)[_-]?key|credential|authorization|bearer";

/** A word as a shell has it. */
const WORD = `(?:"[^"\\n]{0,1024}"?|'[^'\\n]{0,1024}'?|[^\\s"']+)`;

/** Whose option is followed by a password, in the same word or in the next. */
const ASKING: readonly (readonly [program: string, option: string])[] = [
  ["(?:mysql|mariadb|mongo)[\\w-]{0,32}|sshpass|user(?:add|mod)|groupmod|7z\\w?", "-p"],
  ["mosquitto_\\w{1,16}|ipmitool|sqlcmd|(?:un)?zip|zipcloak", "-P"],
  ["openssl", "-(?:k|K|pass(?:in|out)?)"],
  ["nmcli", "(?:password|[\\w.-]{0,64}psk|[\\w.-]{0,64}pin)"],
  ["snmp\\w{1,16}", "-[cAX]"],
  ["kubectl\\b[^|;&\\n]{1,64}?secret", "--from-literal[=\\s'\"]{1,4}[\\w.-]{1,64}="],
  ["(?:docker|podman|nerdctl|buildah|skopeo|helm|oras|az)[^|;&\\n]{1,64}?login", "-p"],
  ["ldap\\w{0,16}", "-w"],
  ["curl", "-b"],
  ["redis-cli", "-a"],
];

/** What reads a secret from its input. */
const READING = "passwd|-stdin|cryptsetup|sudo\\s[^|\\n]{0,64}-S|wg\\s{1,4}pubkey|smbpasswd";

/** Each bounded, so that none takes long. What stands before the secret is kept. Made only when somebody is told of something. */
const secretPlaces = once((): readonly RegExp[] => [
  // ?token=secret&other=secret
  /([?&][^=&\s"'#]{1,64}=)[^&\s"'#]+/g,
  // https://me:secret@example.com
  /(\/\/)[^\s"']{0,256}(?=@)/g,
  // A header goes on to its quote's end: Authorization: token secret
  /\b((?:authorization|proxy-authorization|(?:set-)?cookie|[\w-]{0,32}(?:token|key|secret))\s{0,4}:\s{1,4})[^"'\n]+/gi,
  // TOKEN=secret, "password": "secret"
  new RegExp(`((?:${NAMES})[\\w-]{0,32}["']{0,2}\\s{0,4}[:=]\\s{0,4})(?:${WORD}|[^\\s,;]+)`, "gi"),
  // --password secret, --http-password secret, --token "a secret"
  new RegExp(`((?:^|[\\s'"])--?[\\w-]{0,32}(?:${NAMES})(?!-stdin)[\\w-]{0,32}['"]?\\s{1,4})${WORD}`, "gi"),
  // wg set wg0 private-key secret
  new RegExp(`(\\b(?:private|preshared)-key\\s{1,4})${WORD}`, "g"),
  // curl -u me:secret, curl -ume:secret, smbclient -U me%secret
  new RegExp(`((?:^|[\\s'"])(?:-u|--(?:proxy-)?user)['"]?[\\s=]{0,4})["']?[^\\s:%"']{0,64}[:%]${WORD}`, "gi"),
  // mysql -psecret, sshpass -p secret
  ...ASKING.map(
    ([program, option]) =>
      new RegExp(`(\\b(?:${program})\\b[^|;&\\n]{0,256}?\\s['"]?${option}['"]?\\s{0,4})${WORD}`, "g"),
  ),
  // htpasswd -bc FILE me secret, wpa_passphrase NAME secret, openssl passwd -6 secret: the last of their words.
  /(\b(?:htpasswd|wpa_passphrase|mkpasswd|openssl["']?\s{1,4}["']?passwd|rclone["']?\s{1,4}["']?obscure|vault["']?\s{1,4}["']?login)\b[^|;&\n]{0,512}?\s)(?!-)(?:"[^"\n]{0,1024}"|'[^'\n]{0,1024}'|[^\s"'|;&]+)(?=\s{0,64}(?:$|[|;&>)\n]))/g,
  // echo me:secret | chpasswd, echo secret | docker login --password-stdin
  new RegExp(`(\\b(?:echo|printf)\\s{1,4})[^|\\n]{1,1024}(?=\\|[^|\\n]{0,256}(?:${READING}))`, "g"),
  // chpasswd <<< me:secret
  new RegExp(`((?:${READING})[^|;&\\n]{0,64}<<<\\s{0,4})${WORD}`, "g"),
]);

const readsSecret = once(() => new RegExp(READING));

/** A text for a person, with stars for what is secret in it as far as one can tell by its form. */
export function masked(text: string): string {
  return secretPlaces().reduce((rest, place) => rest.replace(place, `$1${HIDDEN}`), text);
}

const secretOption = once(() => new RegExp(`^--?[\\w-]{0,32}(?:${NAMES})[\\w-]{0,32}$`, "i"));

/** A command's arguments: what follows such an option is the secret, however many words it has. */
export function maskedArguments(args: readonly string[]): string[] {
  return args.map((arg, index) => (secretOption().test(args[index - 1] ?? "") ? HIDDEN : arg));
}

/** A text of several lines, without the keys in it, and without what is given to a program that asks for a password. */
export function withoutSecretLines(text: string): string {
  return withoutPasswordLines(
    text.replace(/(-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----)[^-]*/g, `$1\n${HIDDEN}\n`).split("\n"),
  ).join("\n");
}

const HERE_DOCUMENT = /<<-?\s{0,4}["']?(\w{1,64})/;

/** Without the here-documents that such a program reads. */
function withoutPasswordLines(lines: readonly string[]): string[] {
  const shown: string[] = [];
  let end: string | undefined;
  for (const line of lines) {
    if (end !== undefined && line.trim() !== end) {
      if (shown[shown.length - 1] !== HIDDEN) shown.push(HIDDEN);
      continue;
    }
    shown.push(line);
    end = readsSecret().test(line) ? HERE_DOCUMENT.exec(line)?.[1] : undefined;
  }
  return shown;
}

/** Terminals do what control characters say, and a line's end would forge another line. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return text.replace(/[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`;
  });
}
