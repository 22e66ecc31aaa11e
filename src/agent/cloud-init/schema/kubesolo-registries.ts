// kubesolo.registries: where images come from.
import * as v from "valibot";
import { once } from "../../once.ts";
import { certificate } from "./certificates.ts";
import { type AnySchema, mapping, matching, maybe, named, oneOrMany, truth } from "./kinds.ts";

const URL = "a URL such as https://mirror.example:5000";
const url = once(() => matching(/^https?:\/\/[A-Za-z0-9.[\]:_-]+(?:\/\S*)?$/, URL));
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;

const access = once(() => ({
  ca: v.pipe(maybe(certificate()), v.description("The authority of its certificate, in PEM.")),
  skip_verify: v.pipe(maybe(truth), v.description("Take any certificate.")),
  username: v.pipe(maybe(v.string("a user's name")), v.description("Who pulls.")),
  password: v.pipe(maybe(v.string("text")), v.description("Their password or token, a secret.")),
}));

export const mirror = once(() =>
  paired(
    mapping({
      url: v.pipe(url(), v.description("Where it is.")),
      ...access(),
      override_path: v.pipe(
        maybe(truth),
        v.description("The URL's path is all of the API's: no /v2 after it."),
      ),
    }),
  ),
);

const registry = once(() =>
  paired(
    mapping({
      mirrors: v.pipe(
        maybe(oneOrMany(v.union([mirror(), url()], URL), "a list of mirrors")),
        v.description("Asked in this order, before the registry itself."),
      ),
      ...access(),
    }),
  ),
);

export type ConfigRegistry = v.InferOutput<ReturnType<typeof registry>>;

export const registryKeys = {
  registries: () =>
    v.pipe(
      maybe(
        v.pipe(
          named(v.string(), v.nullish(registry()), "a mapping of registries' hosts"),
          v.rawCheck(({ dataset, addIssue }) => {
            if (!dataset.typed) return;
            for (const host of Object.keys(dataset.value)) {
              if (["mirrors", "configs"].includes(host))
                addIssue({
                  message: `"${host}" is K3s's way; here a registry's host comes first, and its mirrors below it`,
                });
              else if (host !== "_default" && !HOST.test(host))
                addIssue({
                  message: `${JSON.stringify(host)} isn't a registry's host such as docker.io or registry.example:5000`,
                });
            }
          }),
        ),
      ),
      v.description('Registries by host, such as docker.io; "_default" is all that aren\'t named.'),
    ),
};

function paired<const S extends AnySchema>(schema: S) {
  return v.pipe(
    schema,
    v.check((value) => {
      const { username, password } = value as { username?: unknown; password?: unknown };
      return (username == null) === (password == null);
    }, "a mapping with both username and password, or neither"),
  );
}
