// Certificates of an authority of one's own, made without a network. Random, but for that pure.
import "reflect-metadata"; // what @peculiar/x509 is built with wants it first
import type { webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonName,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** A certificate and its private key (PKCS #8), both in PEM. */
export interface Identity {
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** Who somebody is to Kubernetes: the certificate's common name, and its organizations. */
export interface Person {
  readonly name: string;
  readonly groups: readonly string[];
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** A box without a battery may think that it is 1970 until somebody tells it the time. */
const NOT_BEFORE = new Date(0);

export async function makeAuthority(name: string, notAfter: Date): Promise<Identity> {
  const keys = await makeKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [name] }],
    keys,
    notBefore: NOT_BEFORE,
    notAfter,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  return identityOf(certificate, keys);
}

/** A client's certificate by the authority; it ends with the authority at the latest. */
export async function issueCertificate(authority: Identity, person: Person, until: Date): Promise<Identity> {
  const issuer = new X509Certificate(authority.certificatePem);
  const keys = await makeKeys();
  const certificate = await X509CertificateGenerator.create({
    subject: subjectOf(person),
    issuer: issuer.subjectName.toJSON(),
    publicKey: keys.publicKey,
    signingKey: await readKey(authority.keyPem),
    notBefore: NOT_BEFORE,
    notAfter: until < issuer.notAfter ? until : issuer.notAfter,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
    ],
  });
  return identityOf(certificate, keys);
}

function subjectOf({ name, groups }: Person): JsonName {
  return [...groups.map((group) => ({ O: [group] })), { CN: [name] }];
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

function readKey(pem: string): Promise<webcrypto.CryptoKey> {
  const [der] = PemConverter.decode(pem);
  return crypto.subtle.importKey("pkcs8", der as ArrayBuffer, ALGORITHM, false, ["sign"]);
}

async function identityOf(
  certificate: X509Certificate,
  { privateKey }: webcrypto.CryptoKeyPair,
): Promise<Identity> {
  const key = await crypto.subtle.exportKey("pkcs8", privateKey);
  return {
    certificatePem: `${certificate.toString("pem").trim()}\n`,
    keyPem: `${PemConverter.encode(key, "PRIVATE KEY").trim()}\n`,
  };
}
