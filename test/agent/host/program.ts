// Makes a program of the device's runtime that has the rows in it instead of the agent.
import { join } from "node:path";
import { buildRuntimeWith, networkProgram } from "../../../src/image/agent.ts";
import { buildGoProgram } from "../../../src/image/go-program.ts";

/** Returns its path, below the host folder `folder`, where the network's program is, too. */
export async function buildRowsProgram(folder: string): Promise<string> {
  await buildRuntimeWith("test/agent/host/main.device.ts", "rows", folder);
  await buildGoProgram(networkProgram, folder);
  return join(folder, "rows");
}
