import type { Host } from "../../../src/agent/host.ts";
import type { Row } from "./row.ts";

/** Of 1970 to 2126: CN=workshop, an authority's, and CN=web, which is none. */
const authority = `-----BEGIN CERTIFICATE-----
MIIBODCB36ADAgECAhB/M5X8DNFS74fLfXsx9zgOMAoGCCqGSM49BAMCMBMxETAP
BgNVBAMTCHdvcmtzaG9wMCAXDTcwMDEwMTAwMDAwMFoYDzIxMjYwMTAxMDAwMDAw
WjATMREwDwYDVQQDEwh3b3Jrc2hvcDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IA
BCObDPKHIppe93vWrwBxzfJPu9qw30Zf0sal7NB23cgwd1N7RIftsgIqYIWgSMjl
jeN6rNPGodtfLC8kfxoibrSjEzARMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0E
AwIDSAAwRQIhALA5MRByxWhkR6vrIf5jk/KSn299md/4kVgCA36C7zR7AiA6LmPY
0tzF51qjWYo/cujz9jY9TIgkOTf2IpRLiEJwiw==
-----END CERTIFICATE-----
`;
const other = `-----BEGIN CERTIFICATE-----
MIIBKzCB0qADAgECAhBMNfHFX+cfLT6WquuoqxaHMAoGCCqGSM49BAMCMA4xDDAK
BgNVBAMTA3dlYjAgFw03MDAxMDEwMDAwMDBaGA8yMTI2MDEwMTAwMDAwMFowDjEM
MAoGA1UEAxMDd2ViMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEJepHvb3zqPKJ
Dfxzaz0DHTfWMr9RJRxjg2nHakoQ2XcYxbvsrbBYl5n7C33vwymqpgW2ly8K6jFt
mkFp/9uuD6MQMA4wDAYDVR0TAQH/BAIwADAKBggqhkjOPQQDAgNIADBFAiBWavgF
fDwRcDBYeOf4izglKBOpo5FiCaf+nPp9NC2RQQIhAMQoXhXR7jHW6p/O/O7AiJl0
MNaw5vKHBtUw3RuM+Iku
-----END CERTIFICATE-----
`;

const facts = (name: string, isAuthority: boolean) => ({
  ...{ name, isAuthority },
  ...{ notBeforeMs: 0, notAfterMs: Date.UTC(2126, 0, 1) },
});

export const certificateRows: readonly Row[] = [
  {
    name: "a certificate says whose it is, until when, and whether it may sign others'",
    call: (host) => [authority, other].map((pem) => host.readCertificate(pem)),
    gives: [facts("workshop", true), facts("web", false)],
  },
  {
    name: "of several it is the first, whatever stands before it and how lines end",
    call: (host) => host.readCertificate(`in front\n${other}${authority}`.replaceAll("\n", "\r\n")).name,
    gives: "web",
  },
  ...[
    "",
    "nothing",
    "-----BEGIN CERTIFICATE-----\nTm8=\n-----END CERTIFICATE-----\n",
    authority.slice(0, 200),
  ].map((pem) => ({
    name: `${JSON.stringify(pem.slice(0, 40))} is none`,
    call: (host: Host) => host.readCertificate(pem).name,
    fails: "EBADMSG",
  })),
];
