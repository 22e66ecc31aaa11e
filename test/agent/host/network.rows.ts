import type { Host } from "../../../src/agent/host.ts";
import type { Row, World } from "./row.ts";

const timeoutMs = 20_000;
const LIMIT = 2 ** 20;
/** What servers.ts sends for /file. */
const FILE = "0123456789".repeat(100);

/** On the device only: a test's own device answers addresses as the test says. */
export const networkRows: readonly Row[] = [
  {
    name: "a page, with its headers' names in lower case",
    call: (host, { http }) => {
      const { status, headers, body } = host.fetch({ url: `${http}/hello`, timeoutMs, proxy: "" }, LIMIT);
      return [status, headers["x-server"], host.decodeUtf8(body)];
    },
    gives: [200, "test", "hello"],
  },
  {
    name: "a status is no failure",
    call: (host, { http }) => host.fetch({ url: `${http}/none`, timeoutMs, proxy: "" }, LIMIT).status,
    gives: 404,
  },
  {
    name: "method, headers and body go out",
    call: (host, { http }) => {
      const request = { url: `${http}/echo`, method: "PUT", headers: { "X-Word": "w" }, body: "ä" };
      return host.decodeUtf8(host.fetch({ ...request, timeoutMs, proxy: "" }, LIMIT).body);
    },
    gives: "PUT w ä",
  },
  {
    name: "a body of just the limit",
    call: (host, { http }) => host.fetch({ url: `${http}/hello`, timeoutMs, proxy: "" }, 5).body.length,
    gives: 5,
  },
  {
    name: "a byte more is too much",
    call: (host, { http }) => host.fetch({ url: `${http}/hello`, timeoutMs, proxy: "" }, 4).status,
    fails: "EFBIG",
  },
  {
    name: "a body that ends early",
    call: (host, { http }) => host.fetch({ url: `${http}/broken`, timeoutMs, proxy: "" }, LIMIT).status,
    fails: "EPROTO",
  },
  {
    name: "no answer in time",
    call: (host, { http }) => host.fetch({ url: `${http}/slow`, timeoutMs: 200, proxy: "" }, LIMIT).status,
    fails: "ETIMEDOUT",
  },
  {
    name: "nobody listens",
    call: (host) => host.fetch({ url: "http://127.0.0.1:1/", timeoutMs, proxy: "" }, LIMIT).status,
    fails: "ECONNREFUSED",
  },
  {
    name: "nobody has that name",
    call: (host) => host.fetch({ url: "http://name.invalid/", timeoutMs, proxy: "" }, LIMIT).status,
    fails: "ENOTFOUND",
  },
  {
    name: "TLS with an authority that is given",
    call: (host, { https, caPem }) =>
      host.fetch({ url: `${https}/hello`, timeoutMs, proxy: "", caPem }, LIMIT).status,
    gives: 200,
  },
  {
    name: "TLS with an authority that nobody knows",
    call: (host, { https }) => host.fetch({ url: `${https}/hello`, timeoutMs, proxy: "" }, LIMIT).status,
    fails: "ETLS",
  },
  {
    name: "an authority that is none",
    call: (host, { https }) =>
      host.fetch({ url: `${https}/hello`, timeoutMs, proxy: "", caPem: "x" }, LIMIT).status,
    fails: "EINVAL",
  },
  {
    name: "a client's certificate",
    call: (host, { mutual, caPem, certificatePem, keyPem }) => {
      const request = { url: `${mutual}/client`, timeoutMs, proxy: "", caPem, certificatePem, keyPem };
      return host.decodeUtf8(host.fetch(request, LIMIT).body);
    },
    gives: "box-1",
  },
  {
    name: "none, where it is asked for",
    call: (host, { mutual, caPem }) =>
      host.fetch({ url: `${mutual}/client`, timeoutMs, proxy: "", caPem }, LIMIT).status,
    fails: "ETLS",
  },
  {
    name: "a certificate without its key",
    call: (host, { mutual, caPem, certificatePem }) =>
      host.fetch({ url: `${mutual}/client`, timeoutMs, proxy: "", caPem, certificatePem }, LIMIT).status,
    fails: "EINVAL",
  },
  {
    name: "a proxy",
    call: (host, { proxy }) =>
      host.decodeUtf8(host.fetch({ url: "http://name.invalid/hello", timeoutMs, proxy }, LIMIT).body),
    gives: "by proxy: http://name.invalid/hello",
  },
  {
    name: "TLS through a proxy",
    call: (host, { proxy, https, caPem }) =>
      host.decodeUtf8(host.fetch({ url: `${https}/hello`, timeoutMs, proxy, caPem }, LIMIT).body),
    gives: "hello",
  },
  {
    name: "a redirect is followed; another server isn't told what its own may know",
    call: (host, { http, https, caPem }) =>
      [`${http}/moved/%2Fauthorization`, `${http}/moved/${encodeURIComponent(`${https}/authorization`)}`].map(
        (url) =>
          host.decodeUtf8(
            host.fetch({ url, headers: { Authorization: "secret" }, timeoutMs, proxy: "", caPem }, LIMIT)
              .body,
          ),
      ),
    gives: ["secret", "none"],
  },
  {
    name: "nothing leads from https to http",
    call: (host, { http, https, caPem }) => {
      const url = `${https}/moved/${encodeURIComponent(`${http}/hello`)}`;
      return host.fetch({ url, timeoutMs, proxy: "", caPem }, LIMIT).status;
    },
    fails: "EPROTO",
  },
  {
    name: "a download, in folders that it makes",
    call: (host, { http, folder }) => {
      const path = `${folder}/a/b`;
      host.download({ url: `${http}/file`, timeoutMs, proxy: "" }, path, {
        maxBytes: LIMIT,
        sha256: host.sha256(FILE),
      });
      return [host.readText(path, LIMIT) === FILE, host.list(`${folder}/a`)];
    },
    gives: [true, ["b"]],
  },
  {
    // The server cuts the first answer for each name half-way, and says with the last what the second asked for.
    name: "a download that was cut off goes on where it was",
    call: (host, { http, folder }) => {
      const [path, options] = [`${folder}/a`, { maxBytes: LIMIT, sha256: host.sha256(FILE) }];
      const request = { url: `${http}/cut/once`, timeoutMs, proxy: "" };
      let failure = "";
      try {
        host.download(request, path, options);
      } catch (error) {
        failure = (error as { code: string }).code;
      }
      host.download(request, path, options);
      const asked = host.decodeUtf8(
        host.fetch({ url: `${http}/asked/once`, timeoutMs, proxy: "" }, LIMIT).body,
      );
      return [failure, host.readText(path, LIMIT) === FILE, asked, host.list(folder)];
    },
    gives: ["EPROTO", true, "bytes=500-", ["a"]],
  },
  {
    name: "a download with another hash leaves nothing",
    call: (host, { http, folder }) => {
      const path = `${folder}/a`;
      host.writeFile(path, "old");
      let failure = "";
      try {
        host.download({ url: `${http}/file`, timeoutMs, proxy: "" }, path, {
          maxBytes: LIMIT,
          sha256: host.sha256(""),
        });
      } catch (error) {
        failure = (error as { code: string }).code;
      }
      return [failure, host.readText(path, 10), host.list(folder)];
    },
    gives: ["EBADMSG", "old", ["a"]],
  },
  {
    name: "a download that is larger than allowed",
    call: (host, { http, folder }) =>
      host.download({ url: `${http}/file`, timeoutMs, proxy: "" }, `${folder}/a`, { maxBytes: 999 }),
    fails: "EFBIG",
  },
  {
    name: "a piece of what a server sends, which was cut off, goes on where it was, and says so",
    call: (host, { http, folder }) => {
      const request = { url: `${http}/cut/piece`, timeoutMs, proxy: "" };
      const options = { offsetBytes: 101, sizeBytes: 700, announce: "piece" };
      let failure = "";
      try {
        host.copyPiece({ request }, `${folder}/a`, options);
      } catch (error) {
        failure = (error as { code: string }).code;
      }
      const kept = host.stat(`${folder}/a`)?.sizeBytes;
      host.copyPiece({ request }, `${folder}/a`, options);
      const asked = host.decodeUtf8(
        host.fetch({ url: `${http}/asked/piece`, timeoutMs, proxy: "" }, LIMIT).body,
      );
      return [failure, kept, host.readText(`${folder}/a`, LIMIT) === FILE.slice(101, 801), asked];
    },
    gives: ["EPROTO", 399, true, "bytes=500-800"],
  },
  {
    name: "a piece from a server that knows no pieces",
    call: (host, { http, folder }) => {
      const request = { url: `${http}/file`, timeoutMs, proxy: "" };
      host.copyPiece({ request }, `${folder}/a`, { offsetBytes: 3, sizeBytes: 4 });
      return host.readText(`${folder}/a`, LIMIT);
    },
    gives: "3456",
  },
  ...(
    [
      ["from a server that sends less", "hello", "ENODATA"],
      ["of a page that is missing", "none", "EPROTO"],
      ["of a body that ends early", "broken", "EPROTO"],
      ["from a server that is silent", "slow", "ETIMEDOUT"],
    ] as const
  ).map(([name, page, fails]) => ({
    name: `a piece ${name}`,
    call: (host: Host, { http, folder }: World) => {
      const request = { url: `${http}/${page}`, timeoutMs: 1000, proxy: "" };
      host.copyPiece({ request }, `${folder}/a`, { offsetBytes: 3, sizeBytes: 4 });
    },
    fails,
  })),
  {
    name: "a piece to which https leads by http",
    call: (host, { http, https, caPem, folder }) => {
      const url = `${https}/moved/${encodeURIComponent(`${http}/file`)}`;
      const request = { url, timeoutMs, proxy: "", caPem };
      host.copyPiece({ request }, `${folder}/a`, { offsetBytes: 3, sizeBytes: 4 });
    },
    fails: "EPROTO",
  },
  {
    name: "a page that is missing isn't downloaded",
    call: (host, { http, folder }) =>
      host.download({ url: `${http}/none`, timeoutMs, proxy: "" }, `${folder}/a`, { maxBytes: LIMIT }),
    fails: "EPROTO",
  },
];
