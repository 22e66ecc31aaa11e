// Asks name servers and prints a line an answer: node dns-question.mjs SERVER NETWORK NAME TYPE [NAME TYPE]…
//   NETWORK  udp or tcp
//   prints   the response's code, then its records: "NOERROR 10.43.0.1"; or why there is none
// A program of its own, to run in a pod's network namespace. The format is RFC 1035, section 4.
import { createSocket } from "node:dgram";
import { isIP, Socket } from "node:net";

const CODES = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"];
const TYPES = { A: 1, CNAME: 5, PTR: 12, AAAA: 28, SRV: 33 };
const TIMEOUT_MS = 8000;

const [server = "", network = "", ...rest] = process.argv.slice(2);
if (isIP(server) === 0) throw new Error(`no address: ${server}`);
for (let i = 0; i + 1 < rest.length; i += 2) {
  const question = encode(rest[i], TYPES[rest[i + 1]]);
  const answer = await (network === "tcp" ? askTcp(question) : askUdp(question)).catch((error) => error.code);
  console.log(typeof answer === "string" ? answer : describe(answer));
}

function encode(name, type) {
  const labels = name.split(".").flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]);
  const header = Buffer.from([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]); // an id; recursion desired; one question
  return Buffer.concat([header, ...labels, Buffer.from([0, 0, type, 0, 1])]);
}

function askUdp(question) {
  return new Promise((resolve, reject) => {
    const socket = createSocket("udp4");
    const timer = setTimeout(() => end(reject, { code: "TIMEOUT" }), TIMEOUT_MS);
    const end = (settle, value) => {
      clearTimeout(timer);
      socket.close();
      settle(value);
    };
    socket.on("error", (error) => end(reject, error));
    socket.on("message", (answer) => end(resolve, answer));
    // Connected, so that a port where nobody listens is an error.
    socket.connect(53, server, () => socket.send(question));
  });
}

function askTcp(question) {
  return new Promise((resolve, reject) => {
    const socket = new Socket();
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(Object.assign(new Error(), { code: "TIMEOUT" })));
    socket.on("error", reject);
    socket.on("data", (answer) => {
      socket.destroy();
      resolve(answer.subarray(2)); // after its length
    });
    socket.connect(53, server, () =>
      socket.write(Buffer.concat([Buffer.from([0, question.length]), question])),
    );
  });
}

function describe(answer) {
  const records = [];
  let at = readName(answer, 12).next + 4;
  for (let count = answer.readUInt16BE(6); count > 0; count--) {
    at = readName(answer, at).next;
    const [type, data, length] = [answer.readUInt16BE(at), at + 10, answer.readUInt16BE(at + 8)];
    records.push(describeRecord(answer, type, data));
    at = data + length;
  }
  return [CODES[answer[3] & 15], ...records.sort()].join(" ");
}

function describeRecord(answer, type, data) {
  if (type === TYPES.A) return answer.subarray(data, data + 4).join(".");
  if (type === TYPES.SRV) return `${readName(answer, data + 6).name}:${answer.readUInt16BE(data + 4)}`;
  return readName(answer, data).name;
}

/** Names are compressed: two high bits say that the rest is elsewhere. */
function readName(answer, start) {
  const labels = [];
  for (let at = start; ; ) {
    const length = answer[at];
    if (length === 0) return { name: labels.join("."), next: at + 1 };
    if (length >= 0xc0) {
      labels.push(readName(answer, answer.readUInt16BE(at) & 0x3fff).name);
      return { name: labels.join("."), next: at + 2 };
    }
    labels.push(answer.subarray(at + 1, at + 1 + length).toString());
    at += 1 + length;
  }
}
