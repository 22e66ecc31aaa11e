// A box over the network: which CA its API server has, and whether it takes a certificate.
import { X509Certificate } from "node:crypto";
import { request } from "node:https";
import { isIP } from "node:net";
import { checkServerIdentity, connect, type DetailedPeerCertificate } from "node:tls";
import { errorCode, UserError } from "../lib/errors.ts";
import type { Identity } from "./certificates.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { type Server, serverUrl } from "./server.ts";

const TIMEOUT_MS = 15_000;

/** Of the API server's own certificate, whatever the box is called and where it is. */
const OWN_NAME = "kubernetes";

export interface BoxAuthority {
  readonly pem: string;
  readonly fingerprint: string;
  /** Present when the server's certificate hasn't the address by which it was asked. */
  readonly serverName?: string;
}

/**
 * The authority that the server's certificate is by, as the server sends it. Nobody has vouched for it: its fingerprint
 * must be compared. Throws a UserError when nobody answers, or none is sent that the certificate is by.
 */
export async function fetchAuthority(server: Server): Promise<BoxAuthority> {
  const peer = await handshake(server);
  const leaf = new X509Certificate(peer.raw);
  const issuer = peer.issuerCertificate;
  const authority = issuer && new X509Certificate(issuer.raw);
  const isSent =
    authority?.ca === true &&
    !authority.raw.equals(leaf.raw) &&
    leaf.checkIssued(authority) &&
    leaf.verify(authority.publicKey);
  if (!isSent || authority === undefined)
    throw new UserError(`${serverUrl(server)} doesn't send the authority of its certificate`, {
      hint: "is it a KubeSolo OS node, and no older than version 0.2?",
    });
  const isNamed = checkServerIdentity(server.host, peer) === undefined;
  return {
    pem: authority.toString(),
    fingerprint: fingerprintOf(authority.raw),
    ...(!isNamed && { serverName: OWN_NAME }),
  };
}

/** Whether the server, checked against its authority, takes the certificate. */
export function isTaken(
  server: Server,
  authority: BoxAuthority,
  { certificatePem, keyPem }: Identity,
): Promise<boolean> {
  const options = {
    ca: authority.pem,
    cert: certificatePem,
    key: keyPem,
    timeout: TIMEOUT_MS,
    ...(authority.serverName !== undefined && { servername: authority.serverName }),
  };
  return new Promise((resolve, reject) => {
    const asked = request(`${serverUrl(server)}/version`, options, (response) => {
      response.resume();
      resolve(response.statusCode !== 401);
    });
    asked.on("timeout", () => asked.destroy(new Error("no answer")));
    asked.on("error", (error) => reject(unreachable(server, error)));
    asked.end();
  });
}

function handshake(server: Server): Promise<DetailedPeerCertificate> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: server.host,
      port: server.port,
      // Its authority isn't known yet; nothing is sent, and nothing but the certificates is taken.
      rejectUnauthorized: false,
      ...(isIP(server.host) === 0 && { servername: server.host }),
    });
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error("no answer")));
    socket.on("error", (error) => reject(unreachable(server, error)));
    socket.on("secureConnect", () => {
      resolve(socket.getPeerCertificate(true));
      socket.destroy();
    });
  });
}

function unreachable(server: Server, cause: Error): UserError {
  const code = errorCode(cause);
  const hint =
    code === "ENOTFOUND"
      ? "the name isn't known: use the address that the console shows"
      : "the console shows the address; the API answers some seconds after the box was started";
  return new UserError(`cannot reach ${serverUrl(server)}`, { cause, hint });
}
