import { describe } from "vitest";
import { bootLoaderPromises } from "./boot-loader-promises.ts";

// With UEFI: boot-loader-uefi.matrix.ts.
describe("boot loader, bios", () => bootLoaderPromises("bios"));
