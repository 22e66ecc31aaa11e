// Parameters of bridges. Documentation/networking/bridge.rst
import { ignored } from "../schema/key-notes.ts";
import type { Written } from "./bonds.ts";
import {
  type Names,
  namedByKernel,
  number,
  onOff,
  type Parameters,
  parameterSchema,
  seconds,
} from "./parameter-values.ts";

export const bridgeTable: Parameters = {
  ageing_time: [seconds(0, 1_000_000), "Seconds until it forgets where a MAC address is."],
  priority: [number(0, 65535), "The lowest becomes the root of the spanning tree."],
  forward_delay: [seconds(0, 30), "Seconds that a port listens before it forwards."],
  hello_time: [seconds(1, 10), "Seconds between two greetings of the spanning tree's root."],
  max_age: [seconds(6, 40), "Seconds without a greeting until another root is looked for."],
  stp_state: [onOff, "Speak the spanning tree protocol."],
};

/** netplan's names. */
const names: Names = {
  "ageing-time": "ageing_time",
  "aging-time": "ageing_time",
  priority: "priority",
  "forward-delay": "forward_delay",
  "hello-time": "hello_time",
  "max-age": "max_age",
  stp: "stp_state",
};

export const PORTS = "a bridge's ports keep the kernel's defaults";
const ofPorts = () => ignored(PORTS);
const unused = {
  "port-priority": ofPorts,
  "path-cost": ofPorts,
  hairpin: ofPorts,
  "port-mac-learning": ofPorts,
};

export const bridgeParameters = (given?: readonly string[]) =>
  parameterSchema(names, bridgeTable, unused, given);

export function planBridge(written: Written): Record<string, string> {
  return namedByKernel(written, names);
}
