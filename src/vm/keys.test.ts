import { expect, test } from "vitest";
import { readKeys } from "./keys.ts";

const typed = (text: string, wasEscaped = false) => {
  const { send, ...rest } = readKeys(Buffer.from(text), wasEscaped);
  return { send: Buffer.from(send).toString(), ...rest };
};

test.each<[string, string, boolean, ReturnType<typeof typed>]>([
  ["text goes to the machine", "ls\r", false, { send: "ls\r", commands: [], isEscaped: false }],
  ["Ctrl-A waits for a key", "ls\x01", false, { send: "ls", commands: [], isEscaped: true }],
  ["Ctrl-A X leaves", "\x01x", false, { send: "", commands: ["leave"], isEscaped: false }],
  ["in two pieces, with a capital", "X", true, { send: "", commands: ["leave"], isEscaped: false }],
  [
    "Ctrl-A Ctrl-A is one for the machine",
    "\x01\x01b",
    false,
    { send: "\x01b", commands: [], isEscaped: false },
  ],
  ["as Ctrl-A A is", "\x01a", false, { send: "\x01", commands: [], isEscaped: false }],
  ["other keys behind it explain", "\x01h!", false, { send: "!", commands: ["help"], isEscaped: false }],
  ["Ctrl-C is the machine's", "\x03", false, { send: "\x03", commands: [], isEscaped: false }],
  ["x alone is a letter", "x", false, { send: "x", commands: [], isEscaped: false }],
])("%s", (_name, text, wasEscaped, expected) => {
  expect(typed(text, wasEscaped)).toEqual(expected);
});
