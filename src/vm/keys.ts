// What is typed at a machine's console: all goes to the machine, but for Ctrl-A and the key behind it, as QEMU has it. Pure.

const ESCAPE = 0x01; // Ctrl-A

export type KeyCommand = "leave" | "help";

export interface Typed {
  /** For the machine. */
  readonly send: Uint8Array;
  readonly commands: readonly KeyCommand[];
  /** Whether the last key was Ctrl-A: the next one says what it means. */
  readonly isEscaped: boolean;
}

export function readKeys(bytes: Uint8Array, wasEscaped: boolean): Typed {
  const send: number[] = [];
  const commands: KeyCommand[] = [];
  let isEscaped = wasEscaped;
  for (const byte of bytes) {
    if (!isEscaped && byte === ESCAPE) {
      isEscaped = true;
      continue;
    }
    if (!isEscaped) send.push(byte);
    // Ctrl-A twice, or Ctrl-A A: the machine gets one.
    else if (byte === ESCAPE || isKey(byte, "a")) send.push(ESCAPE);
    else if (isKey(byte, "x")) commands.push("leave");
    else commands.push("help");
    isEscaped = false;
  }
  return { send: Uint8Array.from(send), commands, isEscaped };
}

function isKey(byte: number, letter: string): boolean {
  return String.fromCharCode(byte).toLowerCase() === letter;
}
