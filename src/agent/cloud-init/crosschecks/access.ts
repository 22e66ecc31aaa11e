// Whom the API server takes: certificates that are authorities', and in their time. Pure.
import type { CertificateFacts } from "../../host.ts";
import type { Finding } from "../problems.ts";
import type { NodeConfig } from "../schema/schema.ts";
import type { CertificateReader } from "../source.ts";

const CLIENT_CA = ["kubesolo", "access", "client_ca"];
const HINT = "`kubesolo-os access init` makes one";
const BLOCKS = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

export function crossCheckAccess({ kubesolo }: NodeConfig, reader: CertificateReader): Finding[] {
  const pem = kubesolo?.access?.client_ca;
  if (pem == null) return [];
  return (pem.match(BLOCKS) ?? []).flatMap((block) => checkAuthority(factsOf(block, reader), reader.now()));
}

/** undefined: it is no certificate. */
function factsOf(pem: string, reader: CertificateReader): CertificateFacts | undefined {
  try {
    return reader.readCertificate(pem);
  } catch {
    return undefined;
  }
}

function checkAuthority(facts: CertificateFacts | undefined, nowMs: number): Finding[] {
  const error = (message: string): Finding[] => [{ severity: "error", path: CLIENT_CA, message, hint: HINT }];
  if (facts === undefined) return error("it looks like a certificate, and can't be read as one");
  const { name, isAuthority, notBeforeMs, notAfterMs } = facts;
  if (!isAuthority) return error(`"${name}" is a certificate, but not an authority's`);
  // The device's clock may be wrong.
  const warning = (message: string): Finding[] => [{ severity: "warning", path: CLIENT_CA, message }];
  if (nowMs > notAfterMs)
    return warning(`"${name}" ended at ${day(notAfterMs)}: nobody with a certificate of it gets in`);
  if (nowMs < notBeforeMs) return warning(`"${name}" is valid only from ${day(notBeforeMs)} on`);
  return [];
}

function day(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
