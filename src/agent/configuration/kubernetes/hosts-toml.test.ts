import { expect, test } from "vitest";
import type { Registry, RegistryMirror } from "../../cloud-init/actions.ts";
import { FIRST_LINE, hostsToml, registryFiles } from "./hosts-toml.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const mirror = (url: string, more: Partial<RegistryMirror> = {}): RegistryMirror => ({
  url,
  skipVerify: false,
  overridePath: false,
  ...more,
});
const pull = 'capabilities = ["pull", "resolve"]';

test.each<[string, Registry, string[]]>([
  ["a registry without mirrors has no host of its own", { host: "docker.io", mirrors: [] }, []],
  [
    "mirrors keep their order",
    { host: "docker.io", mirrors: [mirror("https://b.example"), mirror("https://a.example:5000")] },
    ['[host."https://b.example"]', pull, "", '[host."https://a.example:5000"]', pull],
  ],
  [
    "all registries may have a mirror",
    { host: "_default", mirrors: [mirror("https://all.example/v2/hub", { overridePath: true })] },
    ['[host."https://all.example/v2/hub"]', pull, "override_path = true"],
  ],
  [
    "a certificate's check can be left out",
    { host: "r.example", mirrors: [mirror("https://m.example", { skipVerify: true })] },
    ['[host."https://m.example"]', pull, "skip_verify = true"],
  ],
  [
    "nothing about TLS is said of an address without it",
    { host: "r.example", mirrors: [mirror("http://m.example", { skipVerify: true, caPem: "PEM" })] },
    ['[host."http://m.example"]', pull],
  ],
  [
    "an authority lies beside the file, and credentials are in a header",
    {
      host: "r.example",
      mirrors: [mirror("https://m.example", { caPem: "PEM", username: "anna", password: "o:pen ü" })],
    },
    [
      '[host."https://m.example"]',
      pull,
      'ca = "authority-0.pem"',
      "",
      '[host."https://m.example".header]',
      `Authorization = "Basic ${base64("anna:o:pen ü")}"`,
    ],
  ],
  [
    "the registry itself is no mirror of itself",
    {
      host: "r.example:5000",
      mirrors: [
        mirror("https://r.example:5000", { caPem: "PEM", username: "a", password: "b" }),
        mirror("https://m.example"),
      ],
    },
    [
      'server = "https://r.example:5000"',
      'ca = "authority-0.pem"',
      "[header]",
      `Authorization = "Basic ${base64("a:b")}"`,
      "",
      '[host."https://m.example"]',
      pull,
    ],
  ],
  [
    "a registry may be one without TLS",
    { host: "r.example:5000", mirrors: [mirror("http://r.example:5000/")] },
    ['server = "http://r.example:5000/"'],
  ],
  [
    "Docker Hub is asked at its own address",
    {
      host: "docker.io",
      mirrors: [mirror("https://docker.io", { username: "a", password: "b" })],
    },
    ['server = "https://registry-1.docker.io"', "[header]", `Authorization = "Basic ${base64("a:b")}"`],
  ],
  [
    "a path makes a mirror of the same host another one",
    { host: "r.example", mirrors: [mirror("https://r.example/proxy")] },
    ['[host."https://r.example/proxy"]', pull],
  ],
  [
    "a mirror that is named twice is there once",
    { host: "r.example", mirrors: [mirror("https://m.example"), mirror("https://m.example")] },
    ['[host."https://m.example"]', pull],
  ],
  [
    "a name without its password is no login",
    { host: "r.example", mirrors: [mirror("https://m.example", { username: "a" })] },
    ['[host."https://m.example"]', pull],
  ],
  [
    "no character breaks out of its string",
    { host: "r.example", mirrors: [mirror('https://m.example/"]\n\u007f')] },
    ['[host."https://m.example/\\"]\\n\\u007f"]', pull],
  ],
])("%s", (_name, registry, lines) => {
  const expected = lines.length === 0 ? [FIRST_LINE, ""] : [FIRST_LINE, "", ...lines, ""];
  expect(hostsToml(registry, base64)).toBe(expected.join("\n"));
});

test("an authority's file has the number of its mirror, and comes before what names it", () => {
  const mirrors = [mirror("https://a.example"), mirror("https://b.example", { caPem: "\nPEM\n\n" })];
  const files = registryFiles({ host: "r.example", mirrors }, base64);
  expect(files.map(({ name }) => name)).toEqual(["authority-1.pem", "hosts.toml"]);
  expect(files[0]?.content).toBe("PEM\n");
  expect(files[1]?.content).toContain('ca = "authority-1.pem"');
});
