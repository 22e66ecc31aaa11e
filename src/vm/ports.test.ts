import { createServer } from "node:net";
import { expect, test } from "vitest";
import { checkPortFree, findFreePorts, parseListeners } from "./ports.ts";

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0
   1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 815 1 0
   2: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0
`;

test.each([
  ["a listener, not its connections", 8080, ["4711"]],
  ["a listener on all addresses", 22, ["815"]],
  ["a port nobody has", 6443, []],
])("%s", (_, port, inodes) => {
  expect(parseListeners(table, port)).toEqual(inodes);
});

test("a busy port is named together with who holds it", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await expect(checkPortFree(port, "choose another")).rejects.toThrow(
    new RegExp(`port ${port} is in use by .* \\(pid ${process.pid}\\)`),
  );
  await new Promise((resolve) => server.close(resolve));
  await expect(checkPortFree(port, "choose another")).resolves.toBeUndefined();
});

test("free ports found together are different ones", async () => {
  const ports = await findFreePorts(500);
  expect(new Set(ports).size).toBe(500);
});
