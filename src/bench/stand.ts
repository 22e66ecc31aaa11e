// A machine that a benchmark measures in again and again; after it was cleared, the next use boots another.
import type { Cluster } from "../vm/cluster.ts";

export class Stand<T extends Cluster> {
  readonly #boot: () => Promise<T>;
  #booted: Promise<T> | undefined;

  constructor(boot: () => Promise<T>) {
    this.#boot = boot;
  }

  use(): Promise<T> {
    this.#booted ??= this.#boot();
    return this.#booted;
  }

  /** Also one that is only just booting: somebody must end its QEMU. */
  async clear(): Promise<void> {
    const cluster = await this.#booted?.catch(() => undefined);
    this.#booted = undefined;
    await cluster?.machine.crash();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.clear();
  }
}
