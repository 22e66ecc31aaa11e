// Updates as Prometheus reads them: a file in the text format, which the engine adds to its own metrics. Pure.
import { isOnTrial } from "../../../release/boot-state.ts";
import { gauge } from "../../metrics/gauge.ts";
import { listOffers } from "../source/channel-record.ts";
import { describeStanding, type Facts } from "./standing.ts";

export function formatMetrics(facts: Facts): string {
  const { system, running, state, books } = facts;
  const { version, profile, kubernetes } = system;
  const isTried = running !== undefined && isOnTrial(state, running);
  const { status, reason } = describeStanding(facts);
  const lasts = new Map(books.history.map(({ what, atMs }) => [what, atMs]));
  return [
    gauge("kubesolo_os_info", "Always 1; the labels say which system runs.", [
      { labels: { version, slot: running ?? "", profile, kubernetes }, value: 1 },
    ]),
    gauge("kubesolo_os_update_standing", "1 when all is well with updates; the label says how they stand.", [
      { labels: { reason }, value: Number(status === "True") },
    ]),
    gauge("kubesolo_os_update_trial", "1 while the running system is on trial.", [
      { value: Number(isTried) },
    ]),
    gauge(
      "kubesolo_os_update_tries_left",
      "Tries that are left after this one, while a system is on trial.",
      [{ value: state?.trial ?? 0 }],
    ),
    gauge("kubesolo_os_update_failed_versions", "Versions that failed on this machine.", [
      { value: books.quarantine.length },
    ]),
    gauge(
      "kubesolo_os_update_last_event_timestamp_seconds",
      "When such a thing happened last, of what the machine remembers.",
      [...lasts].sort().map(([what, atMs]) => ({ labels: { what }, value: atMs / 1000 })),
    ),
    gauge("kubesolo_os_update_available", "Always 1; a newer release that a channel has for this machine.", [
      ...listOffers(books.channels, [version, books.note?.version]).map((labels) => ({
        labels: { ...labels },
        value: 1,
      })),
    ]),
    gauge(
      "kubesolo_os_update_channel_issued_timestamp_seconds",
      "Of when the news of a channel is, as it says itself.",
      Object.entries(books.channels ?? {}).map(([channel, { issued }]) => ({
        labels: { channel },
        value: Date.parse(issued) / 1000,
      })),
    ),
  ].join("");
}
