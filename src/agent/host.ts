// What the agent can touch of the world: nothing but this. The runtime (Go) implements it on the device, tests a
// folder (test/agent/device); every call can be recorded and replayed. All calls are synchronous. Paths are absolute.

/** A call that failed. `code` is an errno name ("ENOENT", "ENOSPC"), or one of the codes a call names. */
export interface HostFailure extends Error {
  readonly name: "HostError";
  readonly code: string;
}

export type Bytes = Uint8Array;

export interface FileInfo {
  readonly kind: "file" | "directory" | "symlink" | "block" | "other";
  readonly sizeBytes: number;
  /** Permission bits, such as 0o644. */
  readonly mode: number;
  readonly modifiedMs: number;
}

export interface WriteOptions {
  /** Permission bits; 0o644 when absent. */
  readonly mode?: number;
  /** Numeric owner and group; the agent's own when absent. */
  readonly uid?: number;
  readonly gid?: number;
}

export interface RunOptions {
  /** Then the whole process group is killed. */
  readonly timeoutMs: number;
  readonly input?: string | Bytes;
  /** Added to the agent's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Of each stream the end is kept; 64 KiB when absent. */
  readonly maxOutputBytes?: number;
  /** Both streams are added to this file instead, which only its owner may read when it is new. */
  readonly outputPath?: string;
}

export interface RunResult {
  /** 128 + the signal's number when a signal ended it, as a shell has it. */
  readonly exitCode: number;
  readonly isTimedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

export interface HttpRequest {
  readonly url: string;
  /** GET when absent. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Bytes;
  /** Of the whole exchange. */
  readonly timeoutMs: number;
  /** PEM: authorities besides the system's. */
  readonly caPem?: string;
  /** PEM: a client's certificate and its key. */
  readonly certificatePem?: string;
  readonly keyPem?: string;
  /** "http://host:port"; "" for none; the environment's when absent. */
  readonly proxy?: string;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Bytes;
}

export interface CertificateFacts {
  /** Its subject's common name; "" when it has none. */
  readonly name: string;
  /** It may sign others': basic constraints and, where it says one, key usage (RFC 5280, 4.2.1.9 and 4.2.1.3). */
  readonly isAuthority: boolean;
  /** Milliseconds since 1970. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

export type StreamSource = { readonly path: string } | { readonly request: HttpRequest };

export interface CopyOptions {
  /** Where the piece begins in the source. */
  readonly offsetBytes: number;
  readonly sizeBytes: number;
  /** A line such as "ANNOUNCE: 34 of 76 MB" on stderr, every 5 seconds at the most, and when all is there. */
  readonly announce?: string;
}

export interface Host {
  // Files. What is written is on the disk when the call returns (fsync of file and folder).

  /** Error "EFBIG" when it is larger, "EILSEQ" when it isn't UTF-8. */
  readText(path: string, maxBytes: number): string;
  /** Error "EFBIG" when it is larger. */
  readBytes(path: string, maxBytes: number): Bytes;
  /** Replaces the file as a whole or not at all; makes its folders (0755). A link is replaced, not followed. */
  writeFile(path: string, content: string | Bytes, options?: WriteOptions): void;
  /** Makes the file and its folders when they are missing. */
  appendFile(path: string, content: string | Bytes, options?: WriteOptions): void;
  /** Writes into what is there, without replacing it: for /proc and /sys. */
  writeThrough(path: string, content: string): void;
  /** With its parents; no error when it is there. */
  makeDirectory(path: string, options?: WriteOptions): void;
  makeSymlink(target: string, path: string): void;
  /** Replaces what is at the new path. */
  rename(from: string, to: string): void;
  /** With all below it; no error when it is missing. Never crosses into another mounted file system. */
  remove(path: string): void;
  /** Names, sorted. */
  list(path: string): string[];
  /** undefined when it is missing; a link is not followed. */
  stat(path: string): FileInfo | undefined;
  freeBytes(path: string): number;

  // Programs.

  /** Error "ENOENT" when there is no such program. A program is an array, never a shell's line. */
  run(args: readonly string[], options: RunOptions): RunResult;

  // Network. Of redirects at most 5 are followed, none from https to http (error "EPROTO"). To another server, which
  // another port is, too, go neither the request's headers, but for what is wanted, nor the client's certificate.

  /** Error codes: "ETIMEDOUT", "ECONNREFUSED", "ENOTFOUND" (name), "ETLS", "EFBIG" (the body), "EPROTO". */
  fetch(request: HttpRequest, maxBytes: number): HttpResponse;
  /** GET into a file; goes on where an earlier try ended if the server can. Error "EBADMSG" when the hash differs. */
  download(request: HttpRequest, path: string, options: { maxBytes: number; sha256?: string }): void;

  // Streams.

  /**
   * Has the target be a piece of a file or of what a server sends. A target that is there is taken for the beginning of the
   * piece, and only the rest is read: an earlier copy's, which may have been cut off anywhere; so its hash must be
   * checked afterwards. A new one has the mode 0644, and its folder must be there.
   * On the disk every 8 MiB, and when the call returns, also with an error. Neither file stays in memory; whoever else
   * uses the disk comes first.
   * Error "EFBIG" when the target is longer than the piece, "ENODATA" when the source ends before the piece does, and
   * those of fetch: "EPROTO" for a status other than 200 and 206, and for an encoding. A request's `timeoutMs` is how
   * long nothing may come, not how long all may take.
   */
  copyPiece(source: StreamSource, target: string, options: CopyOptions): void;

  // Bytes.

  /** Lower-case hexadecimal. */
  sha256(content: string | Bytes): string;
  /** Of what is on the disk, without taking memory for it: what was written should be flushed. */
  sha256OfFile(path: string): string;
  /** 64 bytes: what minisign signs of a file. RFC 7693, without a key. */
  blake2b512(content: string | Bytes): Bytes;
  /** Raw key of 32 bytes, signature of 64. */
  verifyEd25519(publicKey: Bytes, message: Bytes, signature: Bytes): boolean;
  /** What the first X.509 certificate of a text in PEM says; nothing is verified. Error "EBADMSG" when there is none. */
  readCertificate(pem: string): CertificateFacts;
  /** Error "EFBIG" when it would be larger than `maxBytes`, "EBADMSG" when it isn't such a stream. */
  decompress(content: Bytes, format: "gzip" | "zstd", maxBytes: number): Bytes;
  /** The same from one file to another, as a stream; the other is replaced as a whole or not at all (mode 0644). */
  decompressFile(path: string, format: "gzip" | "zstd", target: string, maxBytes: number): void;
  /** Error "EBADMSG". Whitespace is ignored. */
  decodeBase64(text: string): Bytes;
  encodeBase64(content: Bytes): string;
  /** Error "EILSEQ" when it isn't UTF-8. */
  decodeUtf8(content: Bytes): string;
  encodeUtf8(text: string): Bytes;

  // Disks.

  readBlocks(device: string, offsetBytes: number, sizeBytes: number): Bytes;
  /** Written and flushed when the call returns. */
  writeBlocks(device: string, offsetBytes: number, content: Bytes): void;

  // Time.

  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds since the machine was started. */
  uptime(): number;
  sleep(durationMs: number): void;

  /** One or more lines on stdout (results) or stderr (the log). */
  print(stream: "stdout" | "stderr", text: string): void;
}
