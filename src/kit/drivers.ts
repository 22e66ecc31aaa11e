// What makers of storage, devices and policies have people install, as a container image: the program of the Go module beside this file.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ContainerImage } from "../image/container-image.ts";
import type { Architecture } from "../image/debian/inputs.ts";
import { buildGoProgram } from "../image/go-program.ts";
import { buildPath } from "../lib/paths.ts";
import { hostFile, makeTree } from "../tree/tree.ts";

export const DRIVERS_MODULE = "src/kit/drivers";

/** A CSI driver's containers, a device plugin, a driver of DRA, one of NRI and a policy engine: one program, told by its argument which it is. */
export async function driversImage(architecture: Architecture): Promise<ContainerImage> {
  const folder = buildPath("kit/programs");
  mkdirSync(folder, { recursive: true });
  const program = { name: "drivers", module: DRIVERS_MODULE, package: "." };
  await buildGoProgram(program, folder, { architecture });
  return {
    name: "localhost/drivers:1",
    architecture,
    config: { Entrypoint: ["/drivers"] },
    tree: makeTree([hostFile("drivers", join(folder, program.name))]),
  };
}
