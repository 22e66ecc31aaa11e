// No secret gets into a support bundle: each of the configuration's is told by every log, and others by their form.
import { expect, test } from "vitest";
import {
  decisionOf,
  makeSupportBundle,
  type Sick,
  supportBundleOf,
} from "../../../test/agent/device/support-bundle.ts";
import type { Decision } from "../cloud-init/actions.ts";
import { makeMask } from "./mask.ts";
import { wholeLines } from "./take.ts";

const SECRET = "Squeamish0ssifrage";

/** Each place of a configuration that may hold a secret, and the secret that stands there. */
const places: Readonly<Record<string, (secret: string) => unknown>> = {
  "a password's hash": (secret) => ({ users: [{ name: "a", passwd: `$6$salt$${secret}` }] }),
  "a short file": (secret) => ({ write_files: [{ path: "/run/key", content: secret }] }),
  "a line of a file": (secret) => ({
    write_files: [{ path: "/run/a", content: `# a note\nlisten 80\nurl = ${secret}-and-more\nend\n` }],
  }),
  "a value in a file": (secret) => ({
    write_files: [{ path: "/run/a", content: `a: 1\nb: 2\npassword: "${secret}"\n` }],
  }),
  "an encoded file": (secret) => ({
    write_files: [{ path: "/run/a", encoding: "b64", content: btoa(`${secret}!!`) }],
  }),
  "a registry's password": (secret) => ({
    kubesolo: {
      registries: { "docker.io": { mirrors: ["https://a.example"], username: "me", password: secret } },
    },
  }),
  "Portainer's key": (secret) => ({ kubesolo: { portainer: { edge_id: "a", edge_key: secret } } }),
  "the engine's configuration": (secret) => ({
    kubesolo: { config: { portainer: { edgeID: "a", edgeKey: secret } } },
  }),
  "the engine's flags": (secret) => ({
    kubesolo: { flags: `--portainer-edge-id=a --portainer-edge-key=${secret}` },
  }),
  "a probe": (secret) => ({
    kubesolo: { probes: [{ name: "a", http: `https://a.example/?token=${secret}` }] },
  }),
  "an object of the kind Secret": (secret) => ({
    kubesolo: {
      manifests: [
        {
          name: "a.yaml",
          content: `apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  pin: ${secret}\n`,
        },
      ],
    },
  }),
  "a Secret in base64": (secret) => ({
    kubesolo: {
      manifests: [
        {
          name: "a.yaml",
          content: `apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata:\n  pin: ${btoa(secret)}\n`,
        },
      ],
    },
  }),
};

const parts: readonly string[] = [
  "/var/log/kubesolo.log",
  "/var/log/kubesolo.log.1",
  "/run/kubesolo-os/status",
  "/run/kubesolo-os/links.log",
  "/run/kubesolo-os/ntpd.log",
  "/data/update/failed/1.1.0.log",
  "/var/lib/kubesolo/crash.txt.last",
];
const programs = [
  "dmesg",
  "kubesolo status",
  "kubesolo kubectl describe nodes",
  "kubesolo kubectl get events",
  "df -P -k",
  "ip addr",
];

/** It is said everywhere. */
function talking(
  text: string,
  { decision, problem = "" }: { decision?: Decision; problem?: string } = {},
): Sick {
  return {
    files: Object.fromEntries(parts.map((path) => [path, `a line\n${text}\nanother\n`])),
    programs: Object.fromEntries(
      programs.map((program) => [program, { exitCode: 1, stdout: `${text}\n`, stderr: `${text}\n` }]),
    ),
    report: { problems: [`it failed: ${problem}`], ...(decision === undefined ? {} : { decision }) },
  };
}

async function everything(sick: Sick): Promise<string> {
  return JSON.stringify(await supportBundleOf(sick));
}

/** What a program may tell of it, where it isn't the secret as it is. */
const toldAs: Readonly<Record<string, readonly string[]>> = {
  "a password's hash": [`$6$salt$${SECRET}`],
  "a line of a file": [`url = ${SECRET}-and-more`],
  "an encoded file": [btoa(`${SECRET}!!`), `${SECRET}!!`],
  "a Secret in base64": [btoa(SECRET), SECRET],
};

test.each(Object.entries(places))("%s", async (name, place) => {
  const words = (toldAs[name] ?? [SECRET]).join(" ");
  const told = await everything(talking(words, { decision: decisionOf(place(SECRET)), problem: words }));
  expect(told).not.toContain(SECRET);
  expect(told).not.toContain(btoa(SECRET).slice(0, 20));
  expect(told).toContain("***");
});

const KEY = `-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIBbN6Squeamish0ssifrage\nxyzSqueamish0ssifrage==\n-----END EC PRIVATE KEY-----`;

test.each([
  ["a private key", KEY],
  ["the end of one", KEY.slice(40)],
  [
    "a token of a service account",
    "Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6.eyJSqueamish0ssifrage.Squeamish0ssifrage-x_y",
  ],
  [
    "the same without a word before it",
    "got eyJhbGciOiJSUzI1NiIsImtpZCI6.eyJSqueamish0ssifrage.Squeamish0ssifrage",
  ],
  ["a hash", "root:$6$abc$Squeamish0ssifrage:19000"],
  ["a hash of bcrypt", "htpasswd $2y$10$Squeamish0ssifrage"],
  ["a PSK", 'psk="Squeamish0ssifrage"'],
  ["a PSK of wpa_supplicant", "wpa_psk=Squeamish0ssifrage"],
  ["a kubeconfig", "client-key-data: Squeamish0ssifrage"],
  ["a password in an URL", "pulling https://me:Squeamish0ssifrage@a.example/x: refused"],
  ["a token in an URL", "GET https://a.example/?token=Squeamish0ssifrage: 403"],
  ["an environment", "DB_PASSWORD=Squeamish0ssifrage"],
  ["a header", "Authorization: Basic Squeamish0ssifrage"],
  ["JSON", '{"password":"Squeamish0ssifrage"}'],
  ["the kernel's command line", "kubesolo.flags=--portainer-edge-key=Squeamish0ssifrage"],
  ["a token of GitHub", "ghp_Squeamish0ssifrageSqueamish0ssifrage"],
  ["a token of kubeadm", "join with abcdef.0123456789abcdef"],
])("what has the form of %s", async (_name, text) => {
  const told = await everything(talking(text, { problem: text }));
  expect(told).not.toMatch(/Squeamish0ssifrage|0123456789abcdef/);
});

test("keys, configurations as they are, and what pods and people's commands say aren't collected", async () => {
  const sick = {
    files: {
      "/var/lib/kubesolo/pki/ca.key": `${SECRET}\n`,
      "/etc/kubesolo/accounts.json": SECRET,
      "/etc/kubesolo/cloud-init.yaml": SECRET,
      "/etc/kubesolo/config.yaml": SECRET,
      "/var/log/cloud-init-output.log": `${SECRET}\n`,
      "/var/log/pods/a/0.log": `${SECRET}\n`,
    },
  };
  expect(await everything(sick)).not.toContain(SECRET);
  const { calls } = makeSupportBundle(sick);
  expect(calls.filter((call) => /secret|configmap|--output=(?:json|yaml)/i.test(call))).toEqual([]);
});

test("a link that a pod has put in a log's place isn't followed", async () => {
  const told = await everything({
    files: { "/var/lib/kubesolo/pki/ca.key": `${SECRET}\n` },
    links: { "/var/log/kubesolo.log": "../lib/kubesolo/pki/ca.key" },
  });
  expect(told).not.toContain(SECRET);
});

test("half a secret, where a log was cut, goes with its line", () => {
  expect(wholeLines(`age and more\nwhole\n${"x".repeat(100)}`, 100)).toBe(`whole\n${"x".repeat(100)}`);
  expect(wholeLines("short\n", 100)).toBe("short\n");
});

test("what isn't secret stays", () => {
  const text = [
    "init: 20-persistent-mount: the data partition /dev/vda5 is full: the engine may not start",
    'kubesolo: engine: still starting: kubelet: failed calling webhook "deny.example": no endpoints',
    "[    3.1] EXT4-fs error (device vda5): ext4_lookup:1855: inode #2: comm ls: deleted inode referenced: 12",
    "2026-11-29T19:00:00Z  rolled back 1.1.0, slot B: health; back to 1.0.0, slot A",
  ].join("\n");
  expect(makeMask(["hunter2-hunter2"])(text)).toBe(text);
});
