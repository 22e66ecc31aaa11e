// Configurations with a secret in each place that may hold one, written in many ways, right and wrong. The word itself must
// appear in no message, whatever is wrong.
import type { Random } from "../../src/lib/random.ts";

export const SECRET = "Squeamish0ssifrage";

const PLACES: readonly string[] = [
  "password: @\n",
  "chpasswd: {expire: false, users: [{name: a, password: @, type: text}]}\n",
  "chpasswd:\n  list:\n    - root:@\n",
  "chpasswd:\n  list: |\n    root:@\n    bob:R\n",
  "chpasswd:\n  users:\n    - name: root\n      password: @\n",
  "users:\n  - name: a\n    plain_text_passwd: @\n    lock_passwd: false\n",
  "users:\n  - name: a\n    hashed-passwd: @\n",
  "user: {name: a, passwd: @}\n",
  "ssh_authorized_keys: [@]\n",
  "users: [{name: a, ssh_authorized_keys: [@]}]\n",
  "write_files:\n  - path: /run/a\n    content: @\n",
  "write_files:\n  - {path: /run/a, encoding: gz+b64, content: @}\n",
  "kubesolo: {registries: {docker.io: {username: me, password: @}}}\n",
  "kubesolo: {registries: {docker.io: @}}\n",
  "kubesolo:\n  registries:\n    docker.io:\n      mirrors:\n        - url: https://me:@@host.example/x\n",
  "kubesolo: {portainer: {edge_id: a, edge_key: @}}\n",
  "kubesolo: {portainer: @}\n",
  "kubesolo: {config: {portainer: {edgeID: a, edgeKey: @}}}\n",
  "kubesolo: {flags: --portainer-edge-key=@}\n",
  "kubesolo: {updates: {source: https://me:@@host.example/x}}\n",
  "kubesolo: {probes: [{name: a, http: https://host.example/?token=@}]}\n",
  "kubesolo:\n  manifests:\n    - name: a\n      content: @\n",
  "network: {version: 2, wifis: {w: {access-points: {home: {password: @}}}}}\n",
  "ubuntu_pro: {token: @}\nphone_home: {url: https://a.example/?token=@}\n",
  "ssh_keys: {rsa_private: @}\n",
];

/** explain shows commands, without what has the form of a secret. */
const COMMANDS: readonly string[] = [
  "runcmd: [[login, --token, @, 1.0]]\n",
  "runcmd:\n  - login --password @\n",
  "bootcmd:\n  - TOKEN=@ login\n",
  "runcmd:\n  - wget https://a.example/?token=@\n",
  'runcmd: ["curl -u me:@ https://a.example"]\n',
];

const WAYS: readonly ((secret: string) => string)[] = [
  (s) => s,
  (s) => `"${s}"`,
  (s) => `'${s}'`,
  (s) => `!${s}`,
  (s) => `!!${s}`,
  (s) => `*${s}`,
  (s) => `&${s}`,
  (s) => `[${s}]`,
  (s) => `{${s}}`,
  (s) => `{${s}: 1}`,
  (s) => `{a: ${s}}`,
  (s) => `[[${s}]]`,
  (s) => `${s}: x`,
  (s) => `x: ${s}`,
  (s) => `"${s}`,
  (s) => `'${s}`,
  (s) => `${s}"`,
  (s) => `"${s}" x`,
  (s) => `'x' ${s}`,
  (s) => `@${s}`,
  (s) => `%${s}`,
  (s) => `\`${s}\``,
  (s) => `{{ ${s} }}`,
  (s) => `[${s}`,
  (s) => `? ${s}`,
  (s) => `- ${s}`,
  (s) => `|${s}`,
  (s) => `>- ${s}`,
  (s) => `\t${s}`,
  (s) => `"\\q${s}"`,
  (s) => `!!int ${s}`,
  (s) => `!!binary ${s}`,
  (s) => `<<: ${s}`,
  (s) => `0x${s}`,
  (s) => `${s}\u0007`,
  (s) => `#${s}`,
  (s) => `$6$salt$${s}`,
  (s) => `-----BEGIN PRIVATE KEY----- ${s}`,
];

const REST: readonly string[] = [
  "hostname: n\n",
  "timezone: UTC\n",
  "packages: [vim]\n",
  "",
  "# a note\n",
  "ntp: {enabled: no}\n",
];

export function secretFile(generator: Random): string {
  const isCommand = generator.number(6) === 0;
  const place = generator.pick(isCommand ? COMMANDS : PLACES);
  const way = isCommand ? (secret: string) => secret : generator.pick(WAYS);
  const body = place.replace(/@@/g, `${SECRET}@`).replace(/@(?!host)/g, () => way(SECRET));
  const parts = [generator.pick(REST), body, generator.pick(REST)];
  const text = `#cloud-config\n${parts.join("")}`;
  const ends = ["\n", "\n", "\n", "\r\n", "\r"];
  return text.replace(/\n/g, generator.pick(ends));
}
