// A name server with one answer to everybody, until it is killed: node dns-upstream.mjs ADDRESS ANSWER
//   prints  "listening" when it is
import { createSocket } from "node:dgram";

const [address, answer = ""] = process.argv.slice(2);
const socket = createSocket("udp4");
socket.on("message", (question, client) => socket.send(reply(question), client.port, client.address));
socket.bind(53, address, () => console.log("listening"));

/** RFC 1035, section 4: the question with an A record, or with nothing when it asks for another type. */
function reply(question) {
  const end = question.indexOf(0, 12) + 5;
  const isA = question.readUInt16BE(end - 4) === 1;
  const header = [...question.subarray(0, 2), 0x81, 0x80, 0, 1, 0, isA ? 1 : 0, 0, 0, 0, 0];
  // The name of the question; type A, class IN; a minute; 4 bytes.
  const record = isA ? [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...answer.split(".").map(Number)] : [];
  return Buffer.from([...header, ...question.subarray(12, end), ...record]);
}
