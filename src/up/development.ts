// Which release the sources of just now are, for a machine that has an earlier one. Pure.
import type { Product } from "../image/product.ts";

/**
 * Later than package.json's and than those before it, whatever came of them: the minute counts. "0.1.1-dev.202612011000" comes
 * after 0.1.0 and before 0.1.1.
 */
export function planDevelopment(
  { version }: Pick<Product, "version">,
  nowMs: number,
): { version: string; sequence: number } {
  const [, major, minor, patch] = /^(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  const minute = new Date(nowMs).toISOString().slice(0, 16).replace(/\D/g, "");
  return {
    version: `${major}.${minor}.${Number(patch) + 1}-dev.${minute}`,
    sequence: Math.floor(nowMs / 60_000),
  };
}
