// What the rows of the network talk to: servers on this machine that answer as network.rows.ts expects.
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import type { World } from "./row.ts";

export interface Servers {
  readonly world: Omit<World, "folder">;
  close(): void;
}

/** Certificates are made in `folder`, a host path. */
export async function startServers(folder: string): Promise<Servers> {
  makeCertificates(folder);
  const pem = (name: string) => readFileSync(join(folder, name), "utf8");
  const own = { key: pem("server.key"), cert: pem("server.crt") };
  const askClients = { ca: pem("ca.crt"), requestCert: true, rejectUnauthorized: true };
  const http = createServer(answer());
  const https = createTlsServer(own, answer());
  const mutual = createTlsServer({ ...own, ...askClients }, answer());
  const proxy = createServer((request, response) => response.end(`by proxy: ${request.url}`));
  proxy.on("connect", tunnel);
  const servers: Server[] = [http, https, mutual, proxy];
  for (const server of servers) await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    world: {
      http: `http://127.0.0.1:${port(http)}`,
      https: `https://127.0.0.1:${port(https)}`,
      mutual: `https://127.0.0.1:${port(mutual)}`,
      proxy: `http://127.0.0.1:${port(proxy)}`,
      caPem: pem("ca.crt"),
      certificatePem: pem("client.crt"),
      keyPem: pem("client.key"),
    },
    close() {
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

function port(server: Server): number {
  return (server.address() as AddressInfo).port;
}

const FILE = "0123456789".repeat(100);

function answer() {
  /** The `Range` of the last request for each name below /cut. */
  const asked = new Map<string, string | undefined>();
  const pages: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
    "/hello": (_request, response) => response.setHeader("X-Server", "test").end("hello"),
    "/file": (_request, response) => response.end(FILE),
    "/client": ({ socket }, response) => response.end((socket as TLSSocket).getPeerCertificate().subject.CN),
    "/authorization": ({ headers }, response) => response.end(headers.authorization ?? "none"),
    "/slow": () => {},
    "/echo": (request, response) => {
      response.write(`${request.method} ${request.headers["x-word"]} `);
      request.pipe(response);
    },
    "/broken": (request, response) => {
      response.setHeader("Content-Length", 100);
      response.write("half", () => request.socket.destroySoon());
    },
  };
  return (request: IncomingMessage, response: ServerResponse): void => {
    const { url = "" } = request;
    const [, folder, name = ""] = url.split("/");
    const page = pages[url];
    if (page !== undefined) page(request, response);
    else if (folder === "moved") response.writeHead(302, { location: decodeURIComponent(name) }).end();
    else if (folder === "asked") response.end(asked.get(name));
    else if (folder === "cut") {
      const isFirst = !asked.has(name);
      asked.set(name, request.headers.range);
      sendPart(request, response, isFirst);
    } else response.writeHead(404).end();
  };
}

/** The file, or its end if that was asked for (RFC 9110, 14); cut off half-way when `isCut`. */
function sendPart(request: IncomingMessage, response: ServerResponse, isCut: boolean): void {
  const tag = '"v1"';
  const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
  const isPart =
    asked !== null && [undefined, tag].includes(request.headers["if-range"] as string | undefined);
  const from = isPart ? Number(asked[1]) : 0;
  const end = isPart && asked[2] !== "" ? Number(asked[2]) + 1 : FILE.length;
  response.writeHead(isPart ? 206 : 200, {
    etag: tag,
    "content-length": end - from,
    ...(isPart && { "content-range": `bytes ${from}-${end - 1}/${FILE.length}` }),
  });
  if (!isCut) response.end(FILE.slice(from, end));
  else response.write(FILE.slice(from, FILE.length / 2), () => request.socket.destroySoon());
}

/** A proxy's CONNECT: RFC 9110, 9.3.6. */
function tunnel(request: IncomingMessage, client: NodeJS.WritableStream & NodeJS.ReadableStream): void {
  const [host, number] = (request.url ?? "").split(":");
  const server = connect(Number(number), host, () => {
    client.write("HTTP/1.1 200 OK\r\n\r\n");
    server.pipe(client).pipe(server);
  });
  server.on("error", () => {});
  client.on("error", () => server.destroy());
}

/** An authority, a server's certificate and a client's. */
function makeCertificates(folder: string): void {
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  openssl("req", "-x509", ...key, "-subj", "/CN=test CA", "-keyout", "ca.key", "-out", "ca.crt");
  writeFileSync(join(folder, "names"), "subjectAltName=IP:127.0.0.1\n");
  for (const [name, subject] of [
    ["server", "/CN=server"],
    ["client", "/CN=box-1"],
  ] as const) {
    openssl("req", ...key, "-subj", subject, "-keyout", `${name}.key`, "-out", `${name}.csr`);
    const authority = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial"];
    openssl("x509", "-req", "-in", `${name}.csr`, "-extfile", "names", ...authority, "-out", `${name}.crt`);
  }
}
