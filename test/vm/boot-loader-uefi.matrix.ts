import { describe } from "vitest";
import { bootLoaderPromises } from "./boot-loader-promises.ts";

describe("boot loader, uefi", () => bootLoaderPromises("uefi"));
