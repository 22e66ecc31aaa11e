// kubesolo: how the system is updated, and how it knows that it is well.
import * as v from "valibot";
import { once } from "../../once.ts";
import { listOf, mapping, matching, maybe, oneOrMany, truth, wholeNumber } from "./kinds.ts";

const WINDOW = 'hours such as "02:00-04:00", with days before them if not all: "sat,sun 02:00-04:00"';
const DAY = "(?:mon|tue|wed|thu|fri|sat|sun)";
const TIME = "(?:[01]\\d|2[0-3]):[0-5]\\d";
const window = once(() =>
  matching(new RegExp(`^(?:${DAY}(?:[,-]${DAY})*\\s+)?${TIME}-${TIME}$`, "i"), WINDOW),
);
const KEY = "a public key of minisign: 56 letters from its second line";
const SOURCE = "a URL (https://…, oci://…) or an absolute path";
const SECONDS = "1 to 3600 seconds";

export const updateKeys = {
  updates: () =>
    v.pipe(
      maybe(
        mapping({
          source: v.pipe(
            maybe(matching(/^(?:(?:https?|oci):\/\/[^\s/@]+(?:\/\S*)?|\/\S+)$/, SOURCE)),
            v.description(
              "Where updates are: a bundle (….tar), or a folder with channels or one release's files; what `kubesolo-os-agent update` takes when nothing is named and there is no stick.",
            ),
          ),
          channel: v.pipe(
            maybe(matching(/^[a-z][a-z0-9-]{0,31}$/, "a channel such as stable")),
            v.description("Which of a folder's channels: stable when missing."),
          ),
          window: v.pipe(
            maybe(oneOrMany(window(), WINDOW)),
            v.description(
              "With auto: when the node looks for an update and restarts into it, in its time zone; at any time when missing.",
            ),
          ),
          keys: v.pipe(
            maybe(oneOrMany(matching(/^RW[A-Za-z0-9+/]{54}$/, KEY), "a list of keys")),
            v.description(
              "Public keys besides the image's that an update may be signed with. They count in a node's first configuration, and in the image's.",
            ),
          ),
          auto: v.pipe(
            maybe(truth),
            v.description("Look for updates every hour, and install them; no when missing."),
          ),
        }),
      ),
      v.description("The system's own updates."),
    ),
  probes: () =>
    v.pipe(
      maybe(
        listOf(
          v.pipe(
            mapping({
              name: v.pipe(
                matching(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, "a name such as web"),
                v.description("For messages."),
              ),
              http: v.pipe(
                maybe(
                  matching(/^https?:\/\/[^\s/@]+(?:\/\S*)?$/, "a URL such as http://127.0.0.1:8080/healthz"),
                ),
                v.description("A URL that must answer with a status from 200 to 399."),
              ),
              tcp: v.pipe(
                maybe(matching(/^\S+:\d{1,5}$/, "an address and a port such as 127.0.0.1:5432")),
                v.description("An address and port that must take a connection."),
              ),
              exec: v.pipe(
                maybe(
                  v.pipe(
                    listOf(v.string("an argument"), "a program and its arguments, as a list"),
                    v.minLength(1, "a program"),
                  ),
                ),
                v.description("A program that must end with 0."),
              ),
              pods: v.pipe(
                maybe(
                  matching(
                    /^(?:[a-z0-9-]+\/)?[^\s/]+(?:\/[^\s=]+)?(?:=|!=)\S*$/,
                    "a selector of pods such as default/app=web",
                  ),
                ),
                v.description("A namespace and a selector of labels; its pods must be ready."),
              ),
              timeout_seconds: v.pipe(
                maybe(wholeNumber(1, 3600, SECONDS)),
                v.description("For one try; 5 when missing."),
              ),
            }),
            v.check(
              ({ http, tcp, exec, pods }) =>
                [http, tcp, exec, pods].filter((each) => each != null).length === 1,
              "a mapping with name and one of http, tcp, exec and pods",
            ),
          ),
          "a list of probes",
        ),
      ),
      v.description(
        "What must hold after an update, if it held before; otherwise the old system comes back.",
      ),
    ),
  network_limit: () =>
    v.pipe(
      maybe(wholeNumber(0, 86_400, "seconds, up to 86400; 0 for never")),
      v.description(
        "Seconds until a network that reaches neither gateway nor DNS gives way to the one before; 0: never.",
      ),
    ),
};
