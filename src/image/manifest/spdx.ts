// The manifest as a software bill of materials: SPDX 2.3 in JSON. Pure. Numbers are those of the specification's
// chapters (SPDX specification, version 2.3).
import { sha256 } from "../../lib/files.ts";
import { SEE_COPYRIGHT } from "../debian/licences.ts";
import { spdxExpression } from "./licences.ts";
import type { Manifest, PackageUse } from "./manifest.ts";

const UNKNOWN = "NOASSERTION";
const PRODUCT_ID = "SPDXRef-kubesolo-os";

/** 7: a package. Optional fields that we never know are left out, as 2.3 allows. */
interface SpdxPackage {
  readonly SPDXID: string;
  readonly name: string;
  readonly versionInfo: string;
  readonly downloadLocation: string;
  readonly filesAnalyzed: false;
  readonly licenseConcluded: string;
  readonly licenseDeclared: string;
  readonly licenseComments?: string;
  readonly copyrightText: string;
  readonly checksums?: readonly { readonly algorithm: string; readonly checksumValue: string }[];
  readonly externalRefs?: readonly object[];
  readonly primaryPackagePurpose?: string;
}

interface Relationship {
  readonly spdxElementId: string;
  readonly relationshipType: string;
  readonly relatedSpdxElement: string;
}

export function formatSpdx(manifest: Manifest): string {
  return `${JSON.stringify(planSpdx(manifest), null, 2)}\n`;
}

export function planSpdx(manifest: Manifest) {
  const { version, epoch } = manifest;
  const debian = manifest.debianPackages.map((part) => ({ use: part.use, package: debianPackage(part) }));
  const go = manifest.goModules.map((part) => ({ use: "linked" as const, package: goPackage(part) }));
  const npm = manifest.npmPackages.map((part) => ({ use: part.use, package: npmPackage(part) }));
  const images = manifest.containerImages.map((part) => ({
    use: "image" as const,
    package: imagePackage(part, version),
  }));
  const parts = [...debian, ...go, ...npm, ...images];
  return {
    // 6: the document.
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name: `kubesolo-os-${version}-${manifest.profile}-${manifest.architecture}`,
    documentNamespace: documentNamespace(manifest),
    creationInfo: {
      created: new Date(epoch * 1000).toISOString().replace(".000", ""),
      creators: [`Tool: kubesolo-os-${version}`],
    },
    packages: [product(manifest), ...parts.map((part) => part.package)],
    // 11
    relationships: [
      relation("SPDXRef-DOCUMENT", "DESCRIBES", PRODUCT_ID),
      ...parts.map((part) => relationOf[part.use](part.package.SPDXID)),
    ],
  };
}

const relationOf: Readonly<Record<PackageUse, (id: string) => Relationship>> = {
  image: (id) => relation(PRODUCT_ID, "CONTAINS", id),
  linked: (id) => relation(PRODUCT_ID, "STATIC_LINK", id),
  tool: (id) => relation(id, "BUILD_TOOL_OF", PRODUCT_ID),
};

function relation(spdxElementId: string, relationshipType: string, relatedSpdxElement: string): Relationship {
  return { spdxElementId, relationshipType, relatedSpdxElement };
}

/** 6.5: an absolute URI that no other document has; the same build makes the same one (RFC 9562, version 8). */
function documentNamespace(manifest: Manifest): string {
  const hex = sha256(JSON.stringify(manifest));
  const groups = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return `urn:uuid:${groups.join("-")}`;
}

function product({ version, files }: Manifest): SpdxPackage {
  const list = files.map(({ name, sha256: hash }) => `${name} ${hash}`).join(", ");
  return {
    ...unknown(PRODUCT_ID, "kubesolo-os", version),
    licenseDeclared: "Apache-2.0",
    licenseComments: `Of its own code. SHA-256 of what is in a slot: ${list}`,
    primaryPackagePurpose: "OPERATING_SYSTEM",
  };
}

function debianPackage(part: Manifest["debianPackages"][number]): SpdxPackage {
  const { name, version, architecture, origin, licences } = part;
  const purl = `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=${architecture}&distro=${releaseOf(origin)}`;
  const names = licences === SEE_COPYRIGHT ? [] : licences;
  return {
    ...unknown(partId("deb", purl, name), name, version),
    licenseDeclared: spdxExpression(names) ?? UNKNOWN,
    licenseComments:
      names.length === 0 ? SEE_COPYRIGHT : `Debian's copyright file names: ${names.join(", ")}`,
    checksums: [{ algorithm: "SHA256", checksumValue: part.sha256 }],
    externalRefs: [purlReference(purl)],
  };
}

/** "trixie" of "trixie-security/main". */
function releaseOf(origin: string): string {
  return origin.replace(/[-/].*$/, "");
}

function goPackage({ path, version, licences }: Manifest["goModules"][number]): SpdxPackage {
  // Package URL's golang type: the path in lower case.
  const purl = `pkg:golang/${path.toLowerCase()}@${encodeURIComponent(version)}`;
  return {
    ...unknown(partId("go", purl, path), path, version),
    licenseDeclared: licences.length === 0 ? UNKNOWN : licences.join(" AND "),
    externalRefs: [purlReference(purl)],
  };
}

function npmPackage({ name, version, integrity, licence }: Manifest["npmPackages"][number]): SpdxPackage {
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  const [algorithm = "", digest = ""] = integrity.split("-");
  const checksumValue = Buffer.from(digest, "base64").toString("hex");
  return {
    ...unknown(partId("npm", purl, name), name, version),
    licenseDeclared: isExpression(licence) ? licence : UNKNOWN,
    checksums: [{ algorithm: algorithm.toUpperCase(), checksumValue }],
    externalRefs: [purlReference(purl)],
  };
}

/** Packed by us, of files that the other packages already name. */
function imagePackage({ name, digest }: Manifest["containerImages"][number], version: string): SpdxPackage {
  return {
    ...unknown(partId("image", digest, name), name, version),
    licenseDeclared: UNKNOWN,
    checksums: [{ algorithm: "SHA256", checksumValue: digest.replace("sha256:", "") }],
    primaryPackagePurpose: "CONTAINER",
  };
}

function unknown(id: string, name: string, version: string): SpdxPackage {
  return {
    SPDXID: id,
    name,
    versionInfo: version,
    downloadLocation: UNKNOWN,
    filesAnalyzed: false,
    licenseConcluded: UNKNOWN,
    licenseDeclared: UNKNOWN,
    copyrightText: UNKNOWN,
  };
}

/** 7.2: letters, digits, "." and "-" only, so two names may look alike: some digits of what differs follow. */
function partId(kind: string, unique: string, name: string): string {
  return `SPDXRef-${kind}-${name.replace(/[^a-zA-Z0-9.-]+/g, "-")}-${sha256(unique).slice(0, 8)}`;
}

/** 7.21 and appendix F.3.5 */
function purlReference(purl: string) {
  return { referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: purl };
}

/** Appendix D: names joined by AND, OR and WITH. npm also allows words that point to a file. */
function isExpression(licence: string): boolean {
  return (
    /^\(?[\w.+-]+( (AND|OR|WITH) [\w.+-]+)*\)?$/.test(licence) && !/^(unknown|UNLICENSED)$/.test(licence)
  );
}
