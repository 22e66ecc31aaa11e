import { describe, expect, test } from "vitest";
import { explainAction } from "./explain/actions.ts";
import { masked } from "./secrets.ts";

const SECRET = "Squeamish0ssifrage";

function explained(command: string | readonly string[]): string {
  const action = { do: "run", origin: "runcmd", command, moment: "online", frequency: "once" } as const;
  return explainAction(action)
    .map(([, what]) => masked(what ?? ""))
    .join("\n");
}

describe("a secret in a command isn't explained", () => {
  test.each<string | string[]>([
    // Options of one letter with the secret at once, as those who ask for passwords have them.
    `mysql -uroot -p${SECRET} shop`,
    ["mysql", "-u", "root", `-p${SECRET}`],
    `sshpass -p ${SECRET} ssh me@host.example`,
    ["sshpass", `-p${SECRET}`, "ssh", "host.example"],
    `docker login -u me -p ${SECRET} registry.example`,
    ["redis-cli", "-a", SECRET, "ping"],
    `smbclient -U me%${SECRET} //host.example/x`,
    ["curl", "-u", `me:${SECRET}`, "https://a.example"],
    `curl -ume:${SECRET} https://a.example`,
    // Headers, to their end.
    `curl -H "Authorization: Bearer ${SECRET}" https://a.example`,
    ["curl", "-H", `Authorization: token ${SECRET}`, "https://a.example"],
    ["wget", `--header=X-Auth-Token: ${SECRET}`, "https://a.example"],
    ["curl", "-H", `Cookie: session=${SECRET}`, "https://a.example"],
    `curl -H 'PRIVATE-TOKEN: ${SECRET}' https://a.example`,
    // Long options, with one word or several.
    ["login", "--token", SECRET],
    ["login", "--token", `two ${SECRET}`],
    `login --token "two ${SECRET}"`,
    `login --password='two ${SECRET}'`,
    `wget --http-password ${SECRET} https://a.example`,
    ["login", "--client-secret", SECRET],
    // Variables, and what is piped.
    `PGPASSWORD='two ${SECRET}' psql`,
    `echo root:${SECRET} | chpasswd`,
    `echo 'me:${SECRET}' | chpasswd -e`,
    `echo ${SECRET} | docker login --password-stdin`,
    `tailscale up --authkey ${SECRET}`,
    `wg set wg0 listen-port 51820 private-key ${SECRET}`,
    ["wg", "set", "wg0", "peer", "x", "preshared-key", SECRET],
    `AWS_ACCESS_KEY=${SECRET} backup`,
    `az acr login -n shop -u me -p ${SECRET}`,
    ["ldapsearch", "-x", "-w", SECRET],
    `curl -b session=${SECRET} https://a.example`,
    // The last of a program's words.
    `htpasswd -bc /etc/htpasswd me ${SECRET}`,
    `htpasswd -nbB me "${SECRET}" > /etc/htpasswd`,
    ["htpasswd", "-b", "/etc/htpasswd", "me", SECRET],
    `wpa_passphrase home ${SECRET} >> /etc/wpa.conf`,
    `mkpasswd -m sha-512 '${SECRET}'`,
    `openssl passwd -6 ${SECRET}`,
    ["openssl", "passwd", "-6", SECRET],
    `rclone obscure ${SECRET} | tee /run/x`,
    `openssl enc -aes-256-cbc -k ${SECRET} -in a -out b`,
    ["openssl", "enc", "-d", "-pass", `pass:${SECRET}`, "-in", "a"],
    `openssl rsa -passin pass:${SECRET} -in key.pem`,
    `zip -P ${SECRET} -r a.zip /var/log`,
    `7z x -p${SECRET} a.7z`,
    `mosquitto_pub -u me -P ${SECRET} -t a -m b`,
    ["ipmitool", "-H", "bmc", "-U", "me", "-P", SECRET, "power", "on"],
    `usermod -p '${SECRET}' me`,
    `nmcli dev wifi connect home password ${SECRET}`,
    ["nmcli", "con", "modify", "home", "wifi-sec.psk", SECRET],
    `snmpget -v2c -c ${SECRET} host.example sysUpTime.0`,
    `kubectl create secret generic shop --from-literal=pin=${SECRET}`,
    // Here-strings, here-documents, and what reads a secret from a pipe.
    `chpasswd <<< root:${SECRET}`,
    `chpasswd -e <<<"root:${SECRET}"`,
    `chpasswd <<END\nroot:${SECRET}\nEND`,
    `passwd --stdin me <<'E'\n${SECRET}\nE`,
    `cat <<-END | chpasswd\nme:${SECRET}\nyou:${SECRET}\n\tEND\necho done`,
    `echo -n ${SECRET} | cryptsetup open /dev/sdb1 data`,
    `echo ${SECRET} | sudo -S mount /mnt`,
    `printf '%s' ${SECRET} | wg pubkey`,
    `WIFI_PSK=${SECRET} /usr/local/bin/join`,
    // A key on a line of its own.
    `cat <<END\n-----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----\nEND`,
  ])("%s", (command) => {
    const text = explained(command);
    expect(text).not.toContain(SECRET);
    expect(text).toContain("***");
  });

  test("what stands behind a here-document is explained", () => {
    const text = explained(`chpasswd <<END\nme:${SECRET}\nEND\necho done`);
    expect(text).toMatch(/\*\*\*\n\s+END\n\s+echo done/);
  });

  test.each<string | string[]>([
    "mkdir -p /var/lib/kubesolo/shop",
    ["install", "-D", "-m", "0600", "/run/a", "/usr/local/b"],
    "ping -a -c 1 host.example",
    "tar -x -p -f /run/a.tar",
    "ss -u -l",
    "echo hello | tee /run/greeting",
    "zip -r a.zip /var/log",
    "openssl rand -hex 16",
    "openssl x509 -in a.pem -noout -text",
    "nmcli con up home",
    "tee /run/a <<< hello",
    "restic -p /etc/restic/file backup /data",
  ])("%s is shown as it is", (command) => {
    expect(explained(command)).toContain(typeof command === "string" ? command : command.join(" "));
  });
});
