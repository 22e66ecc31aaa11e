// The serial console of a machine, read from its log. Pure functions first, then the reader.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { errorCode } from "../lib/errors.ts";

/** A kernel that says this is dead, whatever it prints afterwards. */
const panicPattern = /Kernel panic - not syncing.*/;

/** Console text as a person would read it: no terminal control, no carriage returns, no blank lines. */
export function cleanConsole(text: string): string {
  return stripVTControlCharacters(text)
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== "")
    .join("\n");
}

export function lastLines(text: string, count: number): string[] {
  return cleanConsole(text).split("\n").slice(-count);
}

/** The line of the first panic, with its reason. */
export function findPanic(text: string): string | undefined {
  return panicPattern.exec(text)?.[0].trim();
}

/** Reads a console log from one offset on, a bit more at every call. Synchronous: several waits share it. */
export class ConsoleLog {
  readonly path: string;
  #offset: number;
  #text = "";
  /** A letter may come in two pieces. */
  readonly #decoder = new TextDecoder();

  constructor(path: string, offset: number) {
    this.path = path;
    this.#offset = offset;
  }

  /** Forgets what was read: what matters is printed from now on. */
  skipToEnd(): void {
    this.read();
    this.#text = "";
  }

  /** All text since the offset given, or since skipToEnd. */
  read(): string {
    const file = openIfThere(this.path);
    if (file === undefined) return this.#text;
    try {
      const buffer = Buffer.alloc(Math.max(0, fstatSync(file).size - this.#offset));
      const bytesRead = readSync(file, buffer, 0, buffer.length, this.#offset);
      this.#offset += bytesRead;
      this.#text += this.#decoder.decode(buffer.subarray(0, bytesRead), { stream: true });
    } finally {
      closeSync(file);
    }
    return this.#text;
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
