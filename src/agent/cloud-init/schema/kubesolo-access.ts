// kubesolo.access: whom the API server takes besides the node's own administrator. The second half is Kubernetes'
// AuthenticationConfiguration, apiserver.config.k8s.io/v1, key by key; expressions (CEL) only the engine can judge.
import * as v from "valibot";
import { once } from "../../once.ts";
import { certificate } from "./certificates.ts";
import { listOf, mapping, matching, maybe, truth } from "./kinds.ts";

const API_VERSION = "apiserver.config.k8s.io/v1";
const VERSIONS = [API_VERSION, "apiserver.config.k8s.io/v1beta1"] as const;

const text = (what: string) => v.string(what);
const url = matching(/^https:\/\/\S+$/, "a URL that begins with https://");
const expression = maybe(text("an expression in CEL, such as claims.email"));

const named = { claim: maybe(text("a claim's name, such as email")), expression };
const ONE_OF_BOTH = "a mapping with either claim or expression";

const claim = once(() =>
  v.pipe(
    mapping(named),
    v.check(({ claim, expression }) => !claim !== !expression, ONE_OF_BOTH),
  ),
);

const prefixedClaim = once(() =>
  v.pipe(
    mapping({ ...named, prefix: maybe(text('a prefix such as "oidc:"')) }),
    v.check(({ claim, expression }) => !claim !== !expression, ONE_OF_BOTH),
    v.check(
      ({ claim, prefix }) => !claim || prefix != null,
      'a mapping with prefix ("" for none) beside claim',
    ),
  ),
);

const AUDIENCES = "a list of client ids, one at least";

const issuer = once(() =>
  v.pipe(
    mapping({
      url,
      discoveryURL: maybe(url),
      certificateAuthority: maybe(certificate()),
      audiences: v.pipe(listOf(text("a client id"), AUDIENCES), v.minLength(1, AUDIENCES)),
      audienceMatchPolicy: maybe(v.picklist(["MatchAny"], "MatchAny")),
    }),
    v.check(
      ({ audiences, audienceMatchPolicy }) => audiences.length < 2 || audienceMatchPolicy != null,
      "a mapping with audienceMatchPolicy: MatchAny beside several audiences",
    ),
  ),
);

const authenticator = once(() =>
  mapping({
    issuer: issuer(),
    claimValidationRules: maybe(
      listOf(
        mapping({
          claim: maybe(text("a claim's name")),
          requiredValue: maybe(text("a text")),
          expression,
          message: maybe(text("a text")),
        }),
        "a list of rules",
      ),
    ),
    claimMappings: mapping({
      username: prefixedClaim(),
      groups: maybe(prefixedClaim()),
      uid: maybe(claim()),
      extra: maybe(
        listOf(
          mapping({
            key: text("a key such as example.com/team"),
            valueExpression: text("an expression in CEL"),
          }),
          "a list of keys",
        ),
      ),
    }),
    userValidationRules: maybe(
      listOf(
        mapping({ expression: text("an expression in CEL"), message: maybe(text("a text")) }),
        "a list of rules",
      ),
    ),
  }),
);

const authentication = once(() =>
  mapping({
    apiVersion: maybe(v.picklist(VERSIONS, API_VERSION)),
    kind: maybe(v.literal("AuthenticationConfiguration", "AuthenticationConfiguration")),
    jwt: maybe(
      v.pipe(
        listOf(authenticator(), "a list of issuers and what their tokens mean"),
        v.maxLength(64, "a list of at most 64"),
      ),
    ),
    anonymous: maybe(
      mapping({
        enabled: truth,
        conditions: maybe(
          listOf(mapping({ path: matching(/^\//, "a path such as /livez") }), "a list of paths"),
        ),
      }),
    ),
  }),
);

export type Authentication = v.InferOutput<ReturnType<typeof authentication>>;

export const accessKeys = {
  access: () =>
    v.pipe(
      maybe(
        mapping({
          client_ca: v.pipe(
            maybe(certificate()),
            v.description(
              "Public certificate (PEM) of an authority: who has a certificate of it gets in; `kubesolo-os access init` makes one. Several below each other count, too.",
            ),
          ),
          authentication_config: v.pipe(
            maybe(authentication()),
            v.description(
              "Kubernetes' AuthenticationConfiguration: whose tokens (OIDC) get in, and who they are; apiVersion and kind may be missing.",
            ),
          ),
        }),
      ),
      v.description("Whom the API server takes, besides the administrator whose key is on the node."),
    ),
};

/** As the API server reads it: without what has no value. */
export function authenticationFile(config: Authentication): Record<string, unknown> {
  const { apiVersion, kind, ...rest } = config;
  const file = {
    apiVersion: apiVersion ?? API_VERSION,
    kind: kind ?? "AuthenticationConfiguration",
    ...rest,
  };
  return JSON.parse(JSON.stringify(file, (_, value) => value ?? undefined));
}
