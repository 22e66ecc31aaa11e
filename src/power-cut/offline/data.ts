// The data partition after a power cut: mended as the next boot would mend it, and what its database has.
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { run } from "../../lib/run.ts";
import { UNFINISHED_DATA } from "../../release/partitions.ts";
import type { Equipment } from "../../vm/equipment.ts";

const DATABASE = "/kubesolo/kine/db/state.db";
/** Linux, Documentation/filesystems/ext4/super.rst: s_magic. */
const EXT4_MAGIC = 0xef53;

/** Whether there is a file system to look at: `name` is the partition's, `superblock` its bytes from 1024 on. */
export function isMade(name: string, superblock: Buffer): boolean {
  return name !== UNFINISHED_DATA && superblock.readUInt16LE(0x38) === EXT4_MAGIC;
}

/** `partition`, a file, may be written to. `names` are of objects that the cluster has said it has. */
export async function checkData(
  { tools, python }: Pick<Equipment, "tools" | "python">,
  partition: string,
  names: readonly string[],
  folder: string,
): Promise<string[]> {
  // As init/lib/data.sh: what isn't mended then needs a person.
  const mended = await tools.runAnyExit(["e2fsck", "-p", partition]);
  if (mended.exitCode > 1) return [`data: e2fsck -p: ${mended.stdout.trim().slice(-300)}`];
  const whole = await tools.runAnyExit(["e2fsck", "-fn", partition]);
  if (whole.exitCode !== 0) return [`data: e2fsck -fn: ${whole.stdout.trim().slice(-300)}`];
  return checkDatabase({ tools, python }, partition, names, folder);
}

async function checkDatabase(
  { tools, python }: Pick<Equipment, "tools" | "python">,
  partition: string,
  names: readonly string[],
  folder: string,
): Promise<string[]> {
  const parts = ["", "-wal"].map((end) => ({
    from: `${DATABASE}${end}`,
    to: join(folder, `state.db${end}`),
  }));
  for (const { to } of parts) rmSync(to, { force: true });
  await tools.run(["debugfs", "-f", "-", partition], {
    input: parts.map(({ from, to }) => `dump ${from} ${to}\n`).join(""),
  });
  const [database] = parts;
  if (database === undefined || !existsSync(database.to))
    return names.length === 0 ? [] : [`data: no database, and the cluster had ${names.length} objects`];
  const found = v.parse(
    v.pipe(v.string(), v.parseJson(), Found),
    await run([...python, "-c", LOOK, database.to]),
  );
  const lost = names.filter((name) => !found.names.includes(name));
  return [
    ...(found.check === "ok" ? [] : [`data: the database: ${found.check}`]),
    ...(lost.length === 0 ? [] : [`data: acknowledged and lost: ${lost.join(", ")}`]),
  ];
}

const Found = v.object({ check: v.string(), names: v.array(v.string()) });

/** kine keeps each version of an object as a row; the newest says whether it was deleted. */
const LOOK = `
import json, sqlite3, sys
prefix = "/registry/configmaps/default/"
try:
    database = sqlite3.connect(sys.argv[1])
    check = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    has = database.execute("SELECT count(*) FROM sqlite_master WHERE name = 'kine'").fetchone()[0]
    rows = database.execute("SELECT name, max(id), deleted FROM kine WHERE name LIKE ? GROUP BY name", (prefix + "%",)) if has else []
    names = [name[len(prefix):] for name, _, deleted in rows if not deleted]
except sqlite3.DatabaseError as error:
    check, names = str(error), []
print(json.dumps({"check": check, "names": names}))
`;
