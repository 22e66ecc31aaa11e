// A small made-up manifest for tests.
import type { Manifest } from "../../src/image/manifest/manifest.ts";

const hash = (byte: string) => byte.repeat(32);

export const manifest: Manifest = {
  product: "kubesolo-os",
  version: "1.2.3",
  commit: "0123456789ab",
  architecture: "amd64",
  profile: "vm",
  epoch: 86_400,
  kernelRelease: "6.12.1-cloud-amd64",
  files: [
    { name: "root.squashfs", sizeBytes: 4096, sha256: hash("01") },
    { name: "vmlinuz", sizeBytes: 512, sha256: hash("02") },
  ],
  debianPackages: [
    {
      name: "libc6-dev",
      version: "2.41-12",
      architecture: "amd64",
      sha256: hash("03"),
      origin: "trixie/main",
      use: "linked",
      licences: ["LGPL-2.1+", "BSLA"],
    },
    {
      name: "nftables",
      version: "1:1.1.3-1+b1",
      architecture: "amd64",
      sha256: hash("04"),
      origin: "trixie-security/main",
      use: "image",
      licences: ["GPL-2", "GPL-2+"],
    },
    {
      name: "xorriso",
      version: "1.5.6-1",
      architecture: "amd64",
      sha256: hash("05"),
      origin: "trixie/main",
      use: "tool",
      licences: "see copyright",
    },
  ],
  goModules: [
    {
      path: "k8s.io/kubernetes",
      version: "v1.37.2",
      sum: "h1:aa=",
      programs: ["kubesolo"],
      licences: ["Apache-2.0", "BSD-3-Clause"],
    },
    { path: "stdlib", version: "1.26.8", programs: ["kubesolo", "runc"], licences: ["BSD-3-Clause"] },
    { path: "example.org/odd", version: "v1.0.0", sum: "h1:bb=", programs: ["runc"], licences: [] },
  ],
  npmPackages: [
    {
      name: "@scope/odd",
      version: "1.0.0",
      integrity: "sha512-AQI=",
      use: "tool",
      licence: "SEE LICENSE IN LICENSE.md",
    },
    { name: "valibot", version: "1.5.0", integrity: "sha512-AAE=", use: "linked", licence: "MIT" },
  ],
  containerImages: [{ name: "localhost/pause:1", digest: `sha256:${hash("06")}` }],
};
