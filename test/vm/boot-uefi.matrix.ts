import { describe } from "vitest";
import { bootPromises } from "./boot-promises.ts";

describe("uefi", () => bootPromises("uefi"));
