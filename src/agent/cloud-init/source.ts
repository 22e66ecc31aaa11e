// One file of a configuration: from bytes to a text whose first line says that it is ours, or why it isn't. Pure.
import type { Bytes, CertificateFacts } from "../host.ts";
import type { Problem } from "./problems.ts";

/** The files of a NoCloud volume, as NoCloud names them. */
export const SOURCE_KINDS = ["user-data", "vendor-data", "meta-data", "network-config"] as const;

export type SourceKind = (typeof SOURCE_KINDS)[number];

export interface SourceText {
  /** For problems: the name that the person knows it by. */
  readonly file: string;
  readonly text: string;
}

/** What looking at certificates takes; the device's Host has it. */
export interface CertificateReader {
  /** Throws when there is none. */
  readCertificate(pem: string): CertificateFacts;
  /** Milliseconds since 1970. */
  now(): number;
}

/** What turning bytes into text takes; the device's Host has it. */
export interface Decoder extends CertificateReader {
  decompress(content: Bytes, format: "gzip" | "zstd", maxBytes: number): Bytes;
  decodeUtf8(content: Bytes): string;
  decodeBase64(text: string): Bytes;
  /** Lower-case hexadecimal. */
  sha256(text: string): string;
}

/** A configuration is a few kilobytes; what is larger isn't one. */
export const MAX_SOURCE_BYTES = 256 * 1024;

/** Of a file that is packed in a configuration, or that is added to. */
export const MAX_FILE_BYTES = 16 * 1024 * 1024;

/** As cloud-init does it, gzip is undone first. */
export function decodeSource(file: string, content: Bytes, decoder: Decoder): SourceText | Problem {
  const isGzip = content[0] === 0x1f && content[1] === 0x8b;
  if (content.length > MAX_SOURCE_BYTES) return tooLarge(file);
  const plain = isGzip ? attempt(() => decoder.decompress(content, "gzip", MAX_SOURCE_BYTES)) : content;
  if (plain === undefined)
    return refusal(file, "broken gzip data, or larger than 256 KiB without it", "compress the file again");
  const text = attempt(() => decoder.decodeUtf8(plain));
  if (text === undefined) return refusal(file, "not a text in UTF-8", "save it as UTF-8");
  return { file, text };
}

/** As it is read as YAML: PyYAML ends a line at all of these (YAML 1.1, 5.4). */
export function readableText(text: string): string {
  return text.replace(/^\ufeff/, "").replace(/\r\n|[\r\x85\u2028\u2029]/g, "\n");
}

/** What is wrong with a text before anyone reads it as YAML. */
export function checkText({ file, text }: SourceText): Problem | undefined {
  // Each character is a byte at least.
  if (text.length > MAX_SOURCE_BYTES) return tooLarge(file);
  // YAML 1.1, 5.1: the characters that may be there.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  const found = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]/.exec(text);
  if (found === null) return undefined;
  const before = text.slice(0, found.index).split("\n");
  const code = found[0].charCodeAt(0).toString(16).padStart(2, "0");
  return {
    severity: "error",
    file,
    line: before.length,
    column: (before[before.length - 1] ?? "").length + 1,
    path: "",
    message: `not a text: there is a byte 0x${code}`,
    hint: "put binary content into write_files with encoding: b64",
  };
}

function tooLarge(file: string): Problem {
  return refusal(file, "larger than 256 KiB", "put large content into an image archive or on a volume");
}

function refusal(file: string, message: string, hint: string): Problem {
  return { severity: "error", file, path: "", message, hint };
}

/** undefined for what fails: here every failure is the file's. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
