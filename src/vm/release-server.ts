// A web server on this host with the releases that machines are updated with.
import { once } from "node:events";
import { createReadStream, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** This host, as a machine's user network has it. */
export const hostAddress = "10.0.2.2";

export interface ReleaseServer {
  /** As machines see it, without a slash at its end. */
  readonly url: string;
  readonly server: Server;
}

/** Serves the files of a folder, a host path. */
export async function startReleaseServer(folder: string): Promise<ReleaseServer> {
  const server = createServer((request, response) => serve(folder, request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://${hostAddress}:${(server.address() as AddressInfo).port}`, server };
}

/** With ranges. */
function serve(folder: string, request: IncomingMessage, response: ServerResponse): void {
  const path = join(folder, new URL(request.url ?? "/", "http://x").pathname);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() !== true) {
    response.writeHead(404).end("nothing here");
    return;
  }
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
  if (from === undefined) {
    response.writeHead(200, { "content-length": stat.size });
    createReadStream(path).pipe(response);
    return;
  }
  const start = Number(from);
  const end = Math.min(to ? Number(to) : stat.size - 1, stat.size - 1);
  response.writeHead(206, {
    "content-length": end - start + 1,
    "content-range": `bytes ${start}-${end}/${stat.size}`,
  });
  createReadStream(path, { start, end }).pipe(response);
}
