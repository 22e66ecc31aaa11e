// The command channel of a running machine: a virtio port whose host end is a unix socket.
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { UserError } from "../lib/errors.ts";
import { type Answer, formatRequest, parseGuestLine, splitLines } from "./frames.ts";

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** ash reads a line byte by byte: fine for commands, hopeless for files. */
const maxCommandBytes = 16 * 1024;

/** The guest did not answer: it is booting, was restarted under the command, or took too long. */
export class NoAnswer extends UserError {}

interface Waiter {
  readonly id: string;
  resolve(answer: Answer): void;
  /** The guest's end started anew: what was sent before is lost. */
  restarted(): void;
  reject(error: Error): void;
}

export class Channel {
  readonly #path: string;
  readonly #session = randomBytes(4).toString("hex");
  #count = 0;
  #socket: Socket | undefined;
  #pieces: string[] = [];
  #waiter: Waiter | undefined;
  /** Whether the guest has answered on this connection since it last said `ready`. */
  #isAnswering = false;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** Runs one command after those already queued. Throws NoAnswer when the limit passes. */
  run(command: string, timeoutMs: number): Promise<CommandResult> {
    if (Buffer.byteLength(command) > maxCommandBytes) throw new Error("command too long for the channel");
    const turn = this.#queue.then(() => this.#runNow(command, timeoutMs));
    this.#queue = turn.catch(() => {});
    return turn;
  }

  /** Closing also throws away what the guest has not read yet, so that a late command is never run. */
  close(): void {
    this.#socket?.destroy();
    this.#dropped("the channel was closed");
  }

  async #runNow(command: string, timeoutMs: number): Promise<CommandResult> {
    const timer = setTimeout(() => {
      this.#waiter?.reject(new NoAnswer(`no answer within ${timeoutMs / 1000} s to "${command}"`));
      this.close();
    }, timeoutMs);
    try {
      this.#socket ??= await this.#connect();
      // A request is only sent to a guest that is listening: one that waits in a buffer while the
      // guest boots would be run long after its sender gave up.
      if (!this.#isAnswering) await this.#exchange(":", 10, true);
      return await this.#exchange(command, Math.ceil(timeoutMs / 1000) + 1, false);
    } finally {
      clearTimeout(timer);
    }
  }

  #exchange(command: string, limitSeconds: number, isRepeatable: boolean): Promise<Answer> {
    this.#count += 1;
    const id = `${this.#session}-${this.#count}`;
    const request = formatRequest({ id, limitSeconds, command });
    return new Promise((resolve, reject) => {
      const restarted = (): void => {
        if (isRepeatable) this.#socket?.write(request);
        if (!isRepeatable) this.#waiter?.reject(new NoAnswer(`the guest restarted during "${command}"`));
      };
      this.#waiter = { id, resolve, reject, restarted };
      this.#socket?.write(request);
    });
  }

  #connect(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.#path);
      socket.setEncoding("utf8");
      socket.on("connect", () => resolve(socket));
      socket.on("data", (piece: string) => this.#receive(piece));
      socket.on("error", (cause) => reject(new NoAnswer(`cannot connect to ${this.#path}`, { cause })));
      socket.on("close", () => {
        if (this.#socket === socket) this.#dropped("QEMU closed the channel");
      });
    });
  }

  #receive(piece: string): void {
    this.#pieces.push(piece);
    if (!piece.includes("\n")) return;
    const { lines, rest } = splitLines(this.#pieces);
    this.#pieces = [rest];
    for (const line of lines.map(parseGuestLine)) {
      if (line.is === "ready") {
        this.#isAnswering = false;
        this.#waiter?.restarted();
      }
      if (line.is === "answer" && line.id === this.#waiter?.id) {
        this.#isAnswering = true;
        this.#waiter.resolve(line);
        this.#waiter = undefined;
      }
    }
  }

  #dropped(reason: string): void {
    this.#socket = undefined;
    this.#pieces = [];
    this.#isAnswering = false;
    this.#waiter?.reject(new NoAnswer(reason));
    this.#waiter = undefined;
  }
}
