// Which values never appear in a message, whatever is wrong with them: passwords, and what may hold one. Pure.
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
  "pass(?:w(?:or)?d|phrase)?|secret|token|api[_-]?key|edge[_-]?key|credential|authorization|bearer";

/** Each bounded, so that none takes long. What stands before the secret is kept. */
const PLACES: readonly RegExp[] = [
  // ?token=secret&other=secret
  /([?&][^=&\s"'#]{1,64}=)[^&\s"'#]+/g,
  // https://me:secret@example.com
  /(\/\/)[^\s"']{0,256}(?=@)/g,
  // TOKEN=secret, "password": "secret", Authorization: Bearer secret
  new RegExp(
    `((?:${NAMES})[\\w-]{0,32}["']{0,2}\\s{0,4}[:=]\\s{0,4}["']?(?:(?:bearer|basic)\\s{1,4})?)[^\\s"',;]+`,
    "gi",
  ),
  // --password secret, --token secret
  new RegExp(`((?:^|[\\s'"])--?(?:${NAMES})[\\w-]{0,32}['"]?\\s{1,4})[^\\s]+`, "gi"),
  // curl -u me:secret
  /((?:^|[\s'"])(?:-u|--user)['"]?[\s=]{1,4})[^\s]+/g,
];

/** A text for a person, with stars for what is secret in it as far as one can tell by its form. */
export function masked(text: string): string {
  return PLACES.reduce((rest, place) => rest.replace(place, "$1***"), text);
}

/** Terminals do what control characters say, and a line's end would forge another line. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return text.replace(/[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`;
  });
}
