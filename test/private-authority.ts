// What a registry with TLS and a login takes: a certificate by an authority that nobody knows, and its file of passwords.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../src/lib/run.ts";

export const login = { username: "node", password: "open sesame" };

/** htpasswd's line of the login; the registry reads nothing but bcrypt. */
export const passwords = "node:$2y$05$abcdefghijklmnopqrstuupx2xBUC4954936wVIjyyPHmUBFu0wCW\n";

/** Leaves ca.crt, server.crt and server.key in the folder, for a server with this address; returns the authority's PEM. */
export async function makeCertificates(folder: string, address: string): Promise<string> {
  const openssl = (...args: string[]) => run(["openssl", ...args], { cwd: folder });
  const key = ["-newkey", "rsa:2048", "-nodes"];
  const authority = ["-x509", ...key, "-days", "30", "-subj", "/CN=test CA"];
  await openssl("req", ...authority, "-keyout", "ca.key", "-out", "ca.crt");
  await openssl("req", ...key, "-subj", "/CN=registry", "-keyout", "server.key", "-out", "server.csr");
  writeFileSync(join(folder, "names"), `subjectAltName=IP:${address}\n`);
  const request = ["-req", "-in", "server.csr", "-days", "30", "-extfile", "names"];
  const signer = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial"];
  await openssl("x509", ...request, ...signer, "-out", "server.crt");
  return readFileSync(join(folder, "ca.crt"), "utf8");
}
