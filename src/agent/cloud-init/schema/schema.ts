// The whole of a configuration. Each group of keys has a file of its own.
import type * as v from "valibot";
import { commandKeys } from "./commands.ts";
import { fileKeys } from "./files.ts";
import { mapping } from "./kinds.ts";
import { systemKeys } from "./system.ts";

export const nodeConfig = mapping({ ...systemKeys, ...fileKeys, ...commandKeys });

export type NodeConfig = v.InferOutput<typeof nodeConfig>;
