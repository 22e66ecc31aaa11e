import type { Host } from "../../../src/agent/host.ts";
import type { Row, World } from "./row.ts";

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

/** What the test device has not: the agent doesn't need it yet. `setClock` has no row: it would set this machine's. */
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
    name: "the partitions of a disk",
    call: (host, { shared }) => host.readPartitions(`${shared}/disk`),
    gives: [
      {
        number: 1,
        name: "KSOLOEFI",
        id: "11111111-2222-3333-4444-555555555555",
        startBytes: 2 ** 20,
        sizeBytes: 2 ** 21,
      },
      {
        number: 3,
        name: "Größe",
        id: "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
        startBytes: 2 ** 22,
        sizeBytes: 2 ** 20,
      },
    ],
  },
  {
    name: "a disk without a table",
    call: (host, { shared }) => host.readPartitions(`${shared}/no-disk`).length,
    fails: "EBADMSG",
  },
  ...[
    ["header", 512 + 40],
    ["list of partitions", 1024 + 60],
    ["signature", 512],
  ].map(([name, at]) => ({
    name: `a table whose ${name} is damaged`,
    call: (host: Host, { shared, folder }: World) => {
      host.writeFile(`${folder}/disk`, host.readBlocks(`${shared}/disk`, 0, 34 * 512));
      host.writeBlocks(`${folder}/disk`, Number(at), new Uint8Array([0x99]));
      return host.readPartitions(`${folder}/disk`).length;
    },
    fails: "EBADMSG",
  })),
  {
    name: "no disk",
    call: (host, { folder }) => host.readPartitions(`${folder}/none`).length,
    fails: "ENOENT",
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
