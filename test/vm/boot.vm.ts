import { describe } from "vitest";
import { bootPromises } from "./boot-promises.ts";

// With UEFI: boot-uefi.matrix.ts, and hardware.vm.ts to Ready.
describe("bios", () => bootPromises("bios"));
