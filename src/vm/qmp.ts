// QEMU's control socket. It serves one client at a time, so connections are short: open, ask, close.
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { UserError } from "../lib/errors.ts";
import { splitLines } from "./frames.ts";
import { machineFiles } from "./qemu-args.ts";

/** One command to the QEMU of the machine in this directory. */
export async function askQmp(directory: string, command: string, parameters: Message = {}): Promise<unknown> {
  using qmp = await Qmp.open(directory);
  return await qmp.command(command, parameters);
}

type Message = Readonly<Record<string, unknown>>;

export class Qmp {
  readonly #socket: Socket;
  #pieces: string[] = [];
  #answers: Message[] = [];
  #wake: () => void = () => {};
  #isClosed = false;
  /** Names of the events seen so far, and for SHUTDOWN its reason. */
  readonly events: { readonly name: string; readonly reason: string }[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("utf8");
    socket.on("data", (piece: string) => this.#receive(piece));
    socket.on("error", () => {}); // always followed by "close"
    socket.on("close", () => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  static async open(directory: string): Promise<Qmp> {
    const qmp = new Qmp(connect(join(directory, machineFiles.qmp)));
    await qmp.#nextAnswer("greeting");
    await qmp.command("qmp_capabilities");
    return qmp;
  }

  /** Runs one command and returns its result. */
  async command(name: string, parameters: Message = {}): Promise<unknown> {
    this.#socket.write(`${JSON.stringify({ execute: name, arguments: parameters })}\n`);
    const answer = await this.#nextAnswer(name);
    if (answer["error"] !== undefined) throw new Error(`QMP ${name}: ${JSON.stringify(answer["error"])}`);
    return answer["return"];
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  async #nextAnswer(what: string): Promise<Message> {
    const limit = setTimeout(() => this.#socket.destroy(), 10_000);
    try {
      while (this.#answers.length === 0) {
        if (this.#isClosed) throw new UserError(`QEMU's control socket gave no answer (${what})`);
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(limit);
    }
    return this.#answers.shift() ?? {};
  }

  #receive(piece: string): void {
    this.#pieces.push(piece);
    const { lines, rest } = splitLines(this.#pieces);
    this.#pieces = [rest];
    for (const line of lines.filter((text) => text.trim() !== "")) {
      const message = JSON.parse(line) as Message; // QMP promises one JSON object a line
      if (typeof message["event"] !== "string") this.#answers.push(message);
      else this.events.push({ name: message["event"], reason: reasonOf(message["data"]) });
    }
    this.#wake();
  }
}

function reasonOf(value: unknown): string {
  return typeof value === "object" && value !== null && "reason" in value ? String(value.reason) : "";
}
