/** What the agent exits with, as sysexits.h has it. 70, a bug, is the runtime's. */
export const exitCode = { done: 0, failed: 1, usage: 64 } as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
