// This terminal as a machine's serial console.
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import type { ReadStream } from "node:tty";
import { log } from "../lib/log.ts";
import { waitFor } from "../lib/wait.ts";
import { readKeys } from "./keys.ts";
import { machineFiles } from "./qemu-args.ts";

export const KEYS = "Ctrl-A X leaves, Ctrl-A A sends Ctrl-A";

/**
 * Shows the console and sends what is typed, until the person leaves, the machine is gone or `signal` fires. Without a terminal it only
 * shows; the end of the input is nothing then.
 */
export async function attachTerminal(directory: string, signal: AbortSignal): Promise<"left" | "gone"> {
  const socket = await openConsole(join(directory, machineFiles.console));
  const keyboard = process.stdin;
  socket.pipe(process.stdout, { end: false });
  try {
    return await new Promise((resolve) => {
      socket.on("close", () => resolve("gone"));
      socket.on("error", () => resolve("gone"));
      signal.addEventListener("abort", () => resolve("left"), { once: true });
      if (keyboard.isTTY) listen(keyboard, socket, () => resolve("left"));
    });
  } finally {
    if (keyboard.isTTY) keyboard.setRawMode(false);
    keyboard.removeAllListeners("data");
    keyboard.pause();
    socket.destroy();
  }
}

function listen(keyboard: ReadStream, socket: Socket, leave: () => void): void {
  let isEscaped = false;
  keyboard.setRawMode(true);
  keyboard.on("data", (bytes: Buffer) => {
    const typed = readKeys(bytes, isEscaped);
    isEscaped = typed.isEscaped;
    if (typed.send.length > 0) socket.write(typed.send);
    if (typed.commands.includes("help")) log(`\r\n${KEYS}\r`);
    if (typed.commands.includes("leave")) leave();
  });
}

/** QEMU makes it while it starts. */
function openConsole(path: string): Promise<Socket> {
  const attempt = () =>
    new Promise<Socket | undefined>((resolve) => {
      const socket = connect(path, () => resolve(socket));
      socket.once("error", () => resolve(undefined));
    });
  return waitFor({ what: () => "the console", timeoutMs: 15_000, everyMs: 50, attempt });
}
