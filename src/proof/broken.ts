/** A promise that was broken. */
export function broken(promise: string): never {
  throw new Error(`broken promise: ${promise}`);
}
