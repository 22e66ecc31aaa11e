// Debian's registry of container images, on a port of this host; and images put into it by its HTTP API.
// Protocol: github.com/opencontainers/distribution-spec, spec.md, "Push".
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { sha256 } from "../../src/lib/files.ts";
import { run } from "../../src/lib/run.ts";
import { findFreePort } from "../../src/vm/ports.ts";
import { makeCertificates, passwords } from "../private-authority.ts";

/** This host, as a machine's user network has it. */
export const hostAddress = "10.0.2.2";

const Index = v.object({ manifests: v.tuple([v.object({ digest: v.string() })]) });
const Descriptor = v.looseObject({ digest: v.string(), size: v.number() });
const Manifest = v.looseObject({
  mediaType: v.string(),
  config: Descriptor,
  layers: v.tuple([Descriptor]),
});
const Config = v.looseObject({ rootfs: v.looseObject({ diff_ids: v.tuple([v.string()]) }) });

/** Who may ask, and how; host paths. */
interface Guard {
  readonly tls: { readonly certificate: string; readonly key: string };
  readonly passwords: string;
}

export class RegistryServer {
  readonly port: number;
  readonly #process: ChildProcess;
  readonly #logPath: string;

  private constructor(port: number, process: ChildProcess, logPath: string) {
    this.port = port;
    this.#process = process;
    this.#logPath = logPath;
  }

  /** Everything of it lies in the folder, a host path, which is made anew. */
  static async start(program: string, folder: string): Promise<RegistryServer> {
    const server = await RegistryServer.#launch(program, folder, join(folder, "storage"));
    await server.#waitForAnswer(() => fetch(server.#url("/v2/")).then(({ ok }) => ok));
    return server;
  }

  /**
   * Another one, with what is in the storage of `open`: it asks for the login of private-authority.ts, and has a certificate
   * for the machine's address of this host, by an authority that nobody knows.
   */
  static async startSecured(program: string, folder: string, open: string) {
    const file = (name: string) => join(folder, name);
    const guard = {
      tls: { certificate: file("server.crt"), key: file("server.key") },
      passwords: file("passwords"),
    };
    const server = await RegistryServer.#launch(program, folder, join(open, "storage"), guard);
    const here = `${hostAddress}:${server.port}:127.0.0.1:${server.port}`;
    const ask = ["curl", "--silent", "--show-error", "--cacert", file("ca.crt"), "--connect-to", here];
    const url = `https://${hostAddress}:${server.port}/v2/`;
    const status = () => run([...ask, "--output", "/dev/null", "--write-out", "%{http_code}", url]);
    // Nobody gets in without the login.
    await server.#waitForAnswer(async () => (await status()) === "401");
    return { server, caPem: readFileSync(file("ca.crt"), "utf8") };
  }

  static async #launch(
    program: string,
    folder: string,
    storage: string,
    guard?: Guard,
  ): Promise<RegistryServer> {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    if (guard !== undefined) {
      await makeCertificates(folder, hostAddress);
      writeFileSync(guard.passwords, passwords);
    }
    const port = await findFreePort();
    const config = {
      version: 0.1,
      storage: { filesystem: { rootdirectory: storage } },
      http: { addr: `127.0.0.1:${port}`, ...(guard && { tls: guard.tls }) },
      ...(guard && { auth: { htpasswd: { realm: "test", path: guard.passwords } } }),
    };
    writeFileSync(join(folder, "config.yml"), JSON.stringify(config));
    const logPath = join(folder, "log");
    const output = openSync(logPath, "w");
    const process = spawn(program, ["serve", join(folder, "config.yml")], {
      stdio: ["ignore", output, output],
    });
    closeSync(output);
    return new RegistryServer(port, process, logPath);
  }

  /** What it has written so far: a line a request. */
  get log(): string {
    return readFileSync(this.#logPath, "utf8");
  }

  /** Puts the one image of an OCI archive into it as NAME:1, with other bytes: no node can have its layer already. */
  async push(archive: string, name: string): Promise<void> {
    const folder = `${this.#logPath}.image`;
    mkdirSync(folder, { recursive: true });
    await run(["tar", "--extract", `--file=${archive}`, `--directory=${folder}`]);
    const blob = (digest: string) => readFileSync(join(folder, "blobs", digest.replace(":", "/")));
    const index = v.parse(Index, JSON.parse(readFileSync(join(folder, "index.json"), "utf8")));
    const manifest = v.parse(Manifest, JSON.parse(blob(index.manifests[0].digest).toString()));
    const config = v.parse(Config, JSON.parse(blob(manifest.config.digest).toString()));

    // A tar archive may end with any number of zeros.
    const layer = Buffer.concat([blob(manifest.layers[0].digest), Buffer.alloc(512)]);
    const diffIds = { ...config.rootfs, diff_ids: [digestOf(layer)] };
    const newConfig = Buffer.from(JSON.stringify({ ...config, rootfs: diffIds }));
    const newManifest = {
      ...manifest,
      config: { ...manifest.config, digest: digestOf(newConfig), size: newConfig.length },
      layers: [{ ...manifest.layers[0], digest: digestOf(layer), size: layer.length }],
    };
    await this.#pushBlob(name, layer);
    await this.#pushBlob(name, newConfig);
    await this.#send("PUT", `/v2/${name}/manifests/1`, JSON.stringify(newManifest), manifest.mediaType);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    if (this.#process.exitCode === null && this.#process.kill()) await ended;
  }

  async #pushBlob(name: string, bytes: Buffer): Promise<void> {
    const started = await this.#send("POST", `/v2/${name}/blobs/uploads/`);
    const place = new URL(started.headers.get("location") ?? "", this.#url("/"));
    place.searchParams.set("digest", digestOf(bytes));
    await this.#send("PUT", `${place.pathname}${place.search}`, bytes, "application/octet-stream");
  }

  async #send(method: string, path: string, body?: string | Buffer, type?: string): Promise<Response> {
    const answer = await fetch(this.#url(path), {
      method,
      ...(body !== undefined && { body: new Uint8Array(Buffer.from(body)) }),
      ...(type !== undefined && { headers: { "content-type": type } }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  async #waitForAnswer(ask: () => Promise<boolean>): Promise<void> {
    for (let attempt = 0; attempt < 300; attempt += 1) {
      if (await ask().catch(() => false)) return;
      if (this.#process.exitCode !== null) break;
      await sleep(100);
    }
    this.#process.kill();
    throw new Error(`the registry does not answer:\n${this.log}`);
  }

  #url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }
}

function digestOf(bytes: Buffer): string {
  return `sha256:${sha256(bytes)}`;
}
