import { expect, test } from "vitest";
import { manifest } from "../../../test/factory/sample-manifest.ts";
import { formatSpdx, planSpdx } from "./spdx.ts";

const sbom = planSpdx(manifest);

test("a bill of materials", async () => {
  await expect(formatSpdx(manifest)).toMatchFileSnapshot("../../../test/golden/sbom.spdx.json");
});

test("every id is one of SPDX's, and there once", () => {
  const ids = sbom.packages.map(({ SPDXID }) => SPDXID);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^SPDXRef-[a-zA-Z0-9.-]+$/);
});

test("relations lead to packages that are there, and every package has one", () => {
  const ids = new Set(["SPDXRef-DOCUMENT", ...sbom.packages.map(({ SPDXID }) => SPDXID)]);
  const related = sbom.relationships.flatMap(({ spdxElementId, relatedSpdxElement }) => [
    spdxElementId,
    relatedSpdxElement,
  ]);
  expect(new Set(related)).toEqual(ids);
});

test("what is in our programs is linked, whoever it is from", () => {
  const linked = sbom.relationships.filter(({ relationshipType }) => relationshipType === "STATIC_LINK");
  const nameOf = (id: string) => sbom.packages.find(({ SPDXID }) => SPDXID === id)?.name;
  expect(linked.map(({ relatedSpdxElement }) => nameOf(relatedSpdxElement))).toEqual([
    "libc6-dev",
    "k8s.io/kubernetes",
    "stdlib",
    "example.org/odd",
    "valibot",
  ]);
});

test.each([
  ["nftables", { licenseDeclared: "GPL-2.0-only AND GPL-2.0-or-later" }],
  ["libc6-dev", { licenseDeclared: "NOASSERTION", licenseComments: expect.stringContaining("BSLA") }],
  ["xorriso", { licenseDeclared: "NOASSERTION", licenseComments: "see copyright" }],
  ["valibot", { licenseDeclared: "MIT", checksums: [{ algorithm: "SHA512", checksumValue: "0001" }] }],
  ["k8s.io/kubernetes", { licenseDeclared: "Apache-2.0 AND BSD-3-Clause" }],
  ["example.org/odd", { licenseDeclared: "NOASSERTION" }],
  ["@scope/odd", { licenseDeclared: "NOASSERTION" }],
])("what is known of %s is said, and nothing more", (name, expected) => {
  expect(sbom.packages.find((part) => part.name === name)).toMatchObject(expected);
});

test("names which document it is, and another build's is another", () => {
  expect(sbom.documentNamespace).toMatch(/^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(planSpdx({ ...manifest, commit: "another" }).documentNamespace).not.toBe(sbom.documentNamespace);
});
