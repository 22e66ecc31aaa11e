// What a registry with TLS and a login takes: a certificate by an authority that nobody knows, and its file of passwords.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RegistryGuard } from "../src/lib/registry.ts";
import { run } from "../src/lib/run.ts";

export const login = { username: "node", password: "open sesame" };

/** The same for curl. */
export const loginArgs = ["--user", `${login.username}:${login.password}`] as const;

/** htpasswd's line of the login; the registry reads nothing but bcrypt. */
const passwords = "node:$2y$05$abcdefghijklmnopqrstuupx2xBUC4954936wVIjyyPHmUBFu0wCW\n";

/** A guard with the login and a certificate for this address, all in the folder, which is made. */
export async function makeGuard(
  folder: string,
  address: string,
): Promise<RegistryGuard & { readonly caPem: string }> {
  const file = (name: string) => join(folder, name);
  mkdirSync(folder, { recursive: true });
  const caPem = await makeCertificates(folder, address);
  writeFileSync(file("passwords"), passwords);
  return {
    caPem,
    certificate: file("server.crt"),
    key: file("server.key"),
    passwords: file("passwords"),
  };
}

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
