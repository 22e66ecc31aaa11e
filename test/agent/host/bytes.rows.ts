import type { Host, HostFailure } from "../../../src/agent/host.ts";
import type { Row, World } from "./row.ts";

const gzipped = "H4sIAAAAAAAAAyvISczMAwDPYiAZBQAAAA==";
const zstandard = "KLUv/QRYKQAAcGxhaW4auZnn";

export const byteRows: readonly Row[] = [
  {
    // FIPS 180-4's own examples.
    name: "hashes of nothing, of text, and of its bytes",
    call: (host) => ["", "abc", host.encodeUtf8("abc")].map((content) => host.sha256(content).slice(0, 16)),
    gives: ["e3b0c44298fc1c14", "ba7816bf8f01cfea", "ba7816bf8f01cfea"],
  },
  {
    name: "text is hashed as UTF-8",
    call: (host) => host.sha256("Grüße") === host.sha256(new Uint8Array([71, 114, 195, 188, 195, 159, 101])),
    gives: true,
  },
  {
    name: "a part of an array is that part",
    call: (host) => host.decodeUtf8(host.encodeUtf8("abcd").subarray(1, 3)),
    gives: "bc",
  },
  {
    name: "a file has its text's hash",
    call: (host, { folder }) => {
      host.writeFile(`${folder}/a`, "abc");
      return host.sha256OfFile(`${folder}/a`) === host.sha256("abc");
    },
    gives: true,
  },
  {
    name: "a missing file has none",
    call: (host, { folder }) => host.sha256OfFile(`${folder}/a`),
    fails: "ENOENT",
  },
  {
    // RFC 7693's own example, and longer than a block of 128 bytes.
    name: "BLAKE2b of nothing, of text, and of its bytes",
    call: (host) =>
      ["", "abc", host.encodeUtf8("abc"), "ä".repeat(100)].map((content) => {
        const hash = host.blake2b512(content);
        return [hash instanceof Uint8Array, hash.length, host.encodeBase64(hash.subarray(0, 6))];
      }),
    gives: [
      [true, 64, "eGoC90IB"],
      [true, 64, "uoClP5gc"],
      [true, 64, "uoClP5gc"],
      [true, 64, "3t8bGtCS"],
    ],
  },
  {
    name: "bytes become base64",
    call: (host) => ["", "a", "ab", "abc"].map((text) => host.encodeBase64(host.encodeUtf8(text))),
    gives: ["", "YQ==", "YWI=", "YWJj"],
  },
  {
    name: "base64 becomes bytes, with any white space in it",
    call: (host) => ["", "YQ==", " YW\n\tI= \r\n", "/+8="].map((text) => [...host.decodeBase64(text)]),
    gives: [[], [97], [97, 98], [255, 239]],
  },
  ...["cGxhaW4", "!", "cGxh=aW4", "YQ=", "YQ===", "Y", "_-8="].map((text) => ({
    name: `"${text}" is no base64`,
    call: (host: Host) => host.decodeBase64(text).length,
    fails: "EBADMSG",
  })),
  {
    name: "bytes become text, a byte order mark included",
    call: (host) => host.decodeUtf8(new Uint8Array([0xef, 0xbb, 0xbf, 0xc3, 0xa4, 0xf0, 0x9f, 0x98, 0x80])),
    gives: "\ufeffä😀",
  },
  ...[[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80]].map((bytes) => ({
    name: `${bytes} is no UTF-8`,
    call: (host: Host) => host.decodeUtf8(new Uint8Array(bytes)),
    fails: "EILSEQ",
  })),
  {
    name: "text becomes bytes; half of a pair is replaced",
    call: (host) => ["ä😀", "\ud800"].map((text) => [...host.encodeUtf8(text)]),
    gives: [
      [0xc3, 0xa4, 0xf0, 0x9f, 0x98, 0x80],
      [0xef, 0xbf, 0xbd],
    ],
  },
  {
    name: "gzip is unpacked, and two streams in a row",
    call: (host) => {
      const packed = host.decodeBase64(gzipped);
      const twice = new Uint8Array([...packed, ...packed]);
      return [packed, twice].map((content) => host.decodeUtf8(host.decompress(content, "gzip", 10)));
    },
    gives: ["plain", "plainplain"],
  },
  {
    name: "what unpacks to just the limit is unpacked",
    call: (host) => host.decompress(host.decodeBase64(gzipped), "gzip", 5).length,
    gives: 5,
  },
  {
    name: "a byte more is too much",
    call: (host) => host.decompress(host.decodeBase64(gzipped), "gzip", 4).length,
    fails: "EFBIG",
  },
  {
    name: "something else isn't gzip",
    call: (host) => host.decompress(host.encodeUtf8("plain"), "gzip", 10).length,
    fails: "EBADMSG",
  },
  {
    name: "nor is nothing",
    call: (host) => host.decompress(new Uint8Array(), "gzip", 10).length,
    fails: "EBADMSG",
  },
  {
    name: "nor a stream that is cut off",
    call: (host) => host.decompress(host.decodeBase64(gzipped).subarray(0, 20), "gzip", 10).length,
    fails: "EBADMSG",
  },
  {
    name: "nor one whose checksum is wrong",
    call: (host) => {
      const packed = host.decodeBase64(gzipped);
      packed[packed.length - 6] = 0;
      return host.decompress(packed, "gzip", 10).length;
    },
    fails: "EBADMSG",
  },
];

/** RFC 8032, 7.1, the second example. */
const signed = {
  key: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
  message: "72",
  signature:
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
};

function bytes(hex: string): Uint8Array {
  return new Uint8Array((hex.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)));
}

/** What the test device has not: the agent doesn't need it yet. */
export const deviceByteRows: readonly Row[] = [
  {
    name: "zstd is unpacked",
    call: (host) => host.decodeUtf8(host.decompress(host.decodeBase64(zstandard), "zstd", 5)),
    gives: "plain",
  },
  {
    name: "what zstd unpacks is limited",
    call: (host) => host.decompress(host.decodeBase64(zstandard), "zstd", 4).length,
    fails: "EFBIG",
  },
  {
    name: "gzip isn't zstd",
    call: (host) => host.decompress(host.decodeBase64(gzipped), "zstd", 10).length,
    fails: "EBADMSG",
  },
  {
    name: "a file is unpacked into another, of either format, and replaces it",
    call: (host, { folder }) =>
      [["gzip", gzipped] as const, ["zstd", zstandard] as const].map(([format, packed]) => {
        host.writeFile(`${folder}/packed`, host.decodeBase64(packed));
        host.decompressFile(`${folder}/packed`, format, `${folder}/new/plain`, 5);
        return [host.readText(`${folder}/new/plain`, 10), host.list(`${folder}/new`)];
      }),
    gives: [
      ["plain", ["plain"]],
      ["plain", ["plain"]],
    ],
  },
  ...(
    [
      ["EFBIG", "that unpacks to more than the limit", (packed: Uint8Array) => packed, 4],
      ["EBADMSG", "that is cut off", (packed: Uint8Array) => packed.subarray(0, 20), 10],
      ["EBADMSG", "that is no such stream", () => new Uint8Array([1, 2, 3]), 10],
    ] as const
  ).map(([code, name, damage, maxBytes]) => ({
    name: `a file ${name} leaves the other one as it was`,
    call: (host: Host, { folder }: World) => {
      host.writeFile(`${folder}/packed`, damage(host.decodeBase64(gzipped)));
      host.writeFile(`${folder}/plain`, "old");
      try {
        host.decompressFile(`${folder}/packed`, "gzip", `${folder}/plain`, maxBytes);
        return "unpacked";
      } catch (error) {
        return [(error as HostFailure).code, host.readText(`${folder}/plain`, 10), host.list(folder)];
      }
    },
    gives: [code, "old", ["packed", "plain"]],
  })),
  {
    name: "a signature is right for its message only",
    call: (host) =>
      [signed.message, "73"].map((message) =>
        host.verifyEd25519(bytes(signed.key), bytes(message), bytes(signed.signature)),
      ),
    gives: [true, false],
  },
  {
    name: "a key of another length is refused",
    call: (host) => host.verifyEd25519(bytes("00"), bytes(""), bytes(signed.signature)),
    fails: "EINVAL",
  },
];
