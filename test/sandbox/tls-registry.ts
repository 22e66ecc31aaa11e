// Debian's registry of container images outside of a sandbox's node: TLS by an authority of its own, and a login.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { readKit } from "../../src/lib/built.ts";
import { run } from "../../src/lib/run.ts";
import { outsideAddress } from "../../src/sandbox/options.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { login, makeCertificates, passwords } from "../private-authority.ts";
import { patience } from "./node-under-test.ts";

export const registryHost = `${outsideAddress}:5000`;
const TYPE = "application/vnd.oci.image.manifest.v1+json";

const Index = v.object({ manifests: v.tuple([v.object({ digest: v.string() })]) });

export interface TlsRegistry {
  /** PEM of the authority that signed its certificate. */
  readonly caPem: string;
  /** What it has written so far: a line a request. */
  log(): string;
  /** Puts the one image of an OCI archive into it as NAME:1. */
  push(archive: string, name: string): Promise<void>;
}

/** It ends with the sandbox. All of its files lie in `folder`, a host path. */
export async function startTlsRegistry(sandbox: Sandbox, folder: string): Promise<TlsRegistry> {
  mkdirSync(folder, { recursive: true });
  const file = (name: string) => join(folder, name);
  const caPem = await makeCertificates(folder, outsideAddress);
  writeFileSync(file("passwords"), passwords);
  const config = {
    version: 0.1,
    storage: { filesystem: { rootdirectory: file("storage") } },
    http: { addr: registryHost, tls: { certificate: file("server.crt"), key: file("server.key") } },
    auth: { htpasswd: { realm: "test", path: file("passwords") } },
  };
  writeFileSync(file("config.yml"), JSON.stringify(config));
  startOutside(sandbox, [readKit().registry, "serve", file("config.yml")], file("log"));
  const curl = ["curl", "--silent", "--show-error", "--fail", "--cacert", file("ca.crt")];
  const user = ["--user", `${login.username}:${login.password}`];
  const ask = (...args: string[]) => sandbox.runOutside([...curl, ...user, ...args]);
  await untilAnswers(() => ask(`https://${registryHost}/v2/`), file("log"));
  return {
    caPem,
    log: () => readFileSync(file("log"), "utf8"),
    push: (archive, name) => push(ask, archive, name, file("image")),
  };
}

function startOutside(sandbox: Sandbox, args: readonly string[], logPath: string): ChildProcess {
  const output = openSync(logPath, "w");
  const child = spawn(sandbox.path("outside"), args, { stdio: ["ignore", output, output] });
  closeSync(output);
  return child;
}

async function untilAnswers(ask: () => Promise<string>, logPath: string): Promise<void> {
  const deadline = Date.now() + patience.timeoutMs;
  for (;;) {
    const answer = await ask().catch((error: unknown) => error);
    if (typeof answer === "string") return;
    if (Date.now() > deadline)
      throw new Error(`the registry does not answer:\n${readFileSync(logPath, "utf8")}`, { cause: answer });
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Protocol: github.com/opencontainers/distribution-spec, spec.md, "Push". */
async function push(
  ask: (...args: string[]) => Promise<string>,
  archive: string,
  name: string,
  folder: string,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await run(["tar", "--extract", `--file=${archive}`, `--directory=${folder}`]);
  const url = `https://${registryHost}/v2/${name}`;
  const { manifests } = v.parse(Index, JSON.parse(readFileSync(join(folder, "index.json"), "utf8")));
  const manifest = manifests[0].digest.replace("sha256:", "");
  const blobs = join(folder, "blobs/sha256");
  for (const digest of readdirSync(blobs).filter((each) => each !== manifest)) {
    const header = await ask(
      "--request",
      "POST",
      "--dump-header",
      "-",
      "--output",
      "/dev/null",
      `${url}/blobs/uploads/`,
    );
    const [, place = ""] = /^location: (\S+)/im.exec(header) ?? [];
    const type = ["--header", "Content-Type: application/octet-stream"];
    const upload = `${place}${place.includes("?") ? "&" : "?"}digest=sha256:${digest}`;
    await ask("--request", "PUT", ...type, "--data-binary", `@${join(blobs, digest)}`, upload);
  }
  const type = ["--header", `Content-Type: ${TYPE}`];
  await ask("--request", "PUT", ...type, "--data-binary", `@${join(blobs, manifest)}`, `${url}/manifests/1`);
}
