// Makes a program of the device's runtime that has the rows in it instead of the agent.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { AGENT_MODULE, AGENT_TAGS, compileScripts, networkProgram } from "../../../src/image/agent.ts";
import { makeBundle } from "../../../src/image/agent-bundles.ts";
import { findCToolchain } from "../../../src/image/c-toolchain.ts";
import { buildGoProgram } from "../../../src/image/go-program.ts";
import { sourcePath } from "../../../src/lib/paths.ts";

/** Returns its path, below the host folder `folder`, where the network's program is, too. */
export async function buildRowsProgram(folder: string): Promise<string> {
  const entryPoints = [sourcePath("test/agent/host/main.device.ts")];
  await compileScripts({ agent: await makeBundle("agent", { entryPoints }) }, folder);
  const overlay = join(folder, "overlay.json");
  const bundle = sourcePath(AGENT_MODULE, "bundle/agent.qjs");
  writeFileSync(overlay, JSON.stringify({ Replace: { [bundle]: join(folder, "agent.qjs") } }));
  const cgo = await findCToolchain("amd64");
  const program = { name: "rows", module: AGENT_MODULE, package: ".", tags: AGENT_TAGS, cgo };
  await buildGoProgram(program, folder, { overlay });
  await buildGoProgram(networkProgram, folder);
  return join(folder, "rows");
}
