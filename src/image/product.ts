// What the product says of itself in package.json: its version, and how that relates to other releases.
import { readFileSync } from "node:fs";
import * as v from "valibot";
import { sourcePath } from "../lib/paths.ts";

export interface Product {
  readonly version: string;
  /** Grows with each release. */
  readonly sequence: number;
  /** The oldest version that this one may be installed over. */
  readonly minCompatibleVersion: string;
}

const Package = v.object({
  version: v.string(),
  release: v.strictObject({ sequence: v.pipe(v.number(), v.integer()), minCompatibleVersion: v.string() }),
});

export function readProduct(): Product {
  return parseProduct(readFileSync(sourcePath("package.json"), "utf8"));
}

/** What a package.json says. */
export function parseProduct(text: string): Product {
  const { version, release } = v.parse(Package, JSON.parse(text));
  return { version, ...release };
}

/** The product's version. */
export function readVersion(): string {
  return readProduct().version;
}
