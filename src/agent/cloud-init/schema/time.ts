// ntp: who is asked for the time.
import * as v from "valibot";
import { ignored } from "./key-notes.ts";
import { listOf, mapping, maybe, truth } from "./kinds.ts";
import { serverName } from "./names.ts";

const servers = (what: string) => listOf(serverName, `a list of ${what}`);

export const timeKeys = {
  ntp: () =>
    v.pipe(
      maybe(
        mapping({
          enabled: v.pipe(maybe(truth), v.description("no: never ask for the time.")),
          servers: v.pipe(
            maybe(servers("time servers")),
            v.description("Names or addresses, asked in this order."),
          ),
          pools: v.pipe(
            maybe(servers("pools of time servers")),
            v.description("Names that stand for several servers, asked after servers."),
          ),
          peers: ignored("the node asks for the time, and gives it to nobody"),
          allow: ignored("the node asks for the time, and gives it to nobody"),
          ntp_client: ignored("the system has one client for the time, its own"),
          config: ignored("the system's client for the time has no other configuration"),
        }),
      ),
      v.description("Time servers."),
    ),
};
