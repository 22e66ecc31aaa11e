// main.device.ts in Node: with as much of a Host as it calls.
import { readFileSync } from "node:fs";
import type { Host } from "../../agent/host.ts";
import { nodeByteMath } from "../node-math.ts";
import { main } from "./main.device.ts";

const host: Pick<Host, "readText" | "uptime" | "print"> = {
  readText: (path) => readFileSync(path, "utf8"),
  uptime: () => performance.now(),
  print: (_stream, text) => console.log(text),
};

// It calls nothing else.
process.exitCode = main({ ...nodeByteMath, ...host } as Host, process.argv.slice(2));
