// A person's folder of certificates: ca.crt and ca.key, and a NAME.crt and NAME.key for each who gets in.
import { X509Certificate } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../lib/errors.ts";
import { replaceFile } from "../lib/files.ts";
import { type Identity, issueCertificate, makeAuthority, type Person } from "./certificates.ts";

/** Kubernetes lets members of this group do anything, whatever RBAC says. */
const MASTERS = "system:masters";
const AUTHORITY = "ca";
export const ADMIN = "admin";

const DAY_MS = 24 * 60 * 60 * 1000;

export interface Lifetimes {
  readonly authorityDays: number;
  readonly days: number;
}

/** Makes the authority and the administrator's certificate; refuses to touch those that are there. */
export async function createFolder(
  folder: string,
  { authorityDays, days }: Lifetimes,
  now: Date,
): Promise<void> {
  const names = [AUTHORITY, ADMIN].flatMap((name) => [`${name}.crt`, `${name}.key`]);
  const present = names.filter((name) => existsSync(join(folder, name)));
  if (present.length > 0)
    throw new UserError(`"${folder}" has certificates already: ${present.join(", ")}`, {
      hint: "another folder gets another authority; `kubesolo-os access grant` makes more certificates of this one",
    });
  const authority = await makeAuthority("KubeSolo OS access", after(now, authorityDays));
  const admin = await issueCertificate(authority, { name: ADMIN, groups: [MASTERS] }, after(now, days));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  write(folder, ADMIN, admin);
  write(folder, AUTHORITY, authority); // the last one: without it the folder isn't made
}

/** Makes a certificate; one of that name is replaced only if `isReplaced`. Returns its end. */
export async function grant(
  folder: string,
  person: Person,
  { days, isReplaced }: { days: number; isReplaced: boolean },
  now: Date,
): Promise<Date> {
  const problem = personProblem(person);
  if (problem !== undefined) throw new UserError(problem.message, { hint: problem.hint });
  if (existsSync(join(folder, `${person.name}.crt`)) && !isReplaced)
    throw new UserError(`"${person.name}" has a certificate already`, {
      hint: "--replace makes a new one; the old one stays valid until it ends",
    });
  const authority = readIdentity(folder, AUTHORITY);
  if (endOf(authority) < now)
    throw new UserError(`the authority in "${folder}" ended at ${day(endOf(authority))}`, {
      hint: "make another one (`kubesolo-os access init`), and give the boxes its ca.crt",
    });
  const made = await issueCertificate(authority, person, after(now, days));
  write(folder, person.name, made);
  return endOf(made);
}

/** The groups that the administrator's own certificate has, when nothing else is said. */
export function groupsOf(name: string, given: readonly string[]): readonly string[] {
  return given.length === 0 && name === ADMIN ? [MASTERS] : given;
}

/** Why nobody can be called so; undefined: they can. Pure. */
export function personProblem({ name, groups }: Person): { message: string; hint: string } | undefined {
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9@._-]{0,62}[A-Za-z0-9])?$/.test(name) || name === AUTHORITY)
    return {
      message: `nobody can be called "${name}" here`,
      hint: "use letters, digits and, between them, @ . _ -; 64 at most, and not ca",
    };
  const wrong = groups.find((group) => !/^[\x21-\x7e]{1,64}$/.test(group));
  if (wrong === undefined) return undefined;
  return {
    message: `no group can be called "${wrong}" here`,
    hint: "1 to 64 letters, digits and signs, without spaces",
  };
}

export function readIdentity(folder: string, name: string): Identity {
  const read = (file: string) => {
    try {
      return readFileSync(join(folder, file), "utf8");
    } catch (error) {
      const hint =
        name === AUTHORITY || !existsSync(join(folder, `${AUTHORITY}.crt`))
          ? "`kubesolo-os access init FOLDER` makes it; --folder says where it is"
          : `\`kubesolo-os access grant ${name}\` makes it`;
      throw new UserError(`cannot read "${join(folder, file)}"`, { cause: error, hint });
    }
  };
  const identity = { certificatePem: read(`${name}.crt`), keyPem: read(`${name}.key`) };
  try {
    new X509Certificate(identity.certificatePem);
  } catch (error) {
    throw new UserError(`"${join(folder, `${name}.crt`)}" is no certificate`, { cause: error });
  }
  return identity;
}

export function endOf({ certificatePem }: Identity): Date {
  return new Date(new X509Certificate(certificatePem).validTo);
}

export function day(time: Date): string {
  return time.toISOString().slice(0, 10);
}

/** What belongs into a node's configuration: the public certificate, and nothing else. */
export function configurationLines(folder: string): string {
  const lines = readIdentity(folder, AUTHORITY).certificatePem.trim().split("\n");
  return ["kubesolo:", "  access:", "    client_ca: |", ...lines.map((line) => `      ${line}`), ""].join(
    "\n",
  );
}

function write(folder: string, name: string, { certificatePem, keyPem }: Identity): void {
  replaceFile(join(folder, `${name}.key`), keyPem, 0o600);
  chmodSync(join(folder, `${name}.key`), 0o600);
  replaceFile(join(folder, `${name}.crt`), certificatePem);
}

function after(now: Date, days: number): Date {
  return new Date(now.getTime() + days * DAY_MS);
}
