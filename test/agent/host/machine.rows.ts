import type { Row } from "./row.ts";

export const machineRows: readonly Row[] = [
  {
    name: "a sleep takes its time",
    call: (host) => {
      const begunMs = host.uptime();
      host.sleep(50);
      const tookMs = host.uptime() - begunMs;
      return tookMs >= 49 && tookMs < 20_000;
    },
    gives: true,
  },
  {
    name: "times are whole milliseconds",
    call: (host) => [host.now() % 1, host.uptime() % 1],
    gives: [0, 0],
  },
];

/** What the test device has not: the agent doesn't need it yet. */
export const deviceMachineRows: readonly Row[] = [
  {
    name: "the time is this machine's",
    call: (host) => {
      const { stdout } = host.run(["date", "+%s"], { timeoutMs: 10_000 });
      return Math.abs(Number(stdout) * 1000 - host.now()) < 20_000;
    },
    gives: true,
  },
  {
    name: "blocks are what was written there, and the rest stays",
    call: (host, { folder }) => {
      host.writeFile(`${folder}/disk`, "0123456789");
      host.writeBlocks(`${folder}/disk`, 4, host.encodeUtf8("ab"));
      const all = host.decodeUtf8(host.readBlocks(`${folder}/disk`, 0, 10));
      return [all, host.decodeUtf8(host.readBlocks(`${folder}/disk`, 5, 2))];
    },
    gives: ["0123ab6789", "b6"],
  },
  {
    name: "nothing is read beyond a disk's end",
    call: (host, { folder }) => {
      host.writeFile(`${folder}/disk`, "0123456789");
      return host.readBlocks(`${folder}/disk`, 5, 6).length;
    },
    fails: "EIO",
  },
  {
    name: "no disk is made by writing",
    call: (host, { folder }) => host.writeBlocks(`${folder}/disk`, 0, host.encodeUtf8("x")),
    fails: "ENOENT",
  },
];
