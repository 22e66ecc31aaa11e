import { Command, Option } from "commander";
import { API_SERVER_PORT } from "../release/engine.ts";
import { type UpOptions, up } from "../up/up.ts";
import type { Firmware } from "../vm/machine-options.ts";
import { parseMemory, parsePort } from "./machine-values.ts";

export function upCommand(): Command {
  return new Command("up")
    .description("build the image, boot it in QEMU and deploy nginx on it")
    .addOption(portOption("--api-port <port>", "of the API server", "KUBESOLO_API_PORT", API_SERVER_PORT))
    .addOption(portOption("--http-port <port>", "of nginx", "KUBESOLO_HTTP_PORT", 8080))
    .addOption(new Option("--memory <MiB>", "of the machine").default(1024).argParser(parseMemory))
    .addOption(new Option("--firmware <kind>").choices(["bios", "uefi"] satisfies Firmware[]).default("bios"))
    .action(async (options: Omit<UpOptions, "memoryMiB"> & { memory: number }) => {
      const { memory: memoryMiB, ...rest } = options;
      console.log(await up({ ...rest, memoryMiB }));
    });
}

function portOption(flags: string, what: string, env: string, port: number): Option {
  return new Option(flags, `port ${what} on 127.0.0.1`).env(env).default(port).argParser(parsePort);
}
