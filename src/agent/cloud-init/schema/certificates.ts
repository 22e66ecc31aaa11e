// ca_certs: authorities that the system trusts, for pulling images and for updates.
import * as v from "valibot";
import { once } from "../../once.ts";
import { listOf, mapping, maybe, truth } from "./kinds.ts";

const CERTIFICATE = "a certificate in PEM, from -----BEGIN CERTIFICATE----- to its END line";
const BLOCK = /-----BEGIN CERTIFICATE-----\r?\n[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/;

export const certificate = once(() =>
  v.pipe(
    v.string(CERTIFICATE),
    v.check((value) => !/PRIVATE KEY-----/.test(value), "a certificate without its private key"),
    v.regex(BLOCK, CERTIFICATE),
  ),
);

const authorities = once(() =>
  maybe(
    mapping({
      trusted: v.pipe(
        maybe(listOf(certificate(), "a list of certificates in PEM")),
        v.description("Certificates in PEM, to trust besides the system's."),
      ),
      remove_defaults: v.pipe(maybe(truth), v.description("Trust none of the system's own authorities.")),
      "remove-defaults": v.pipe(maybe(truth), v.description("The older spelling of remove_defaults.")),
    }),
  ),
);

export const certificateKeys = {
  ca_certs: () => v.pipe(authorities(), v.description("Certificate authorities to trust.")),
  "ca-certs": () => v.pipe(authorities(), v.description("The older spelling of ca_certs.")),
};
