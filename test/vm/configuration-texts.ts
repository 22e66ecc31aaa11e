// What the volume of the configuration's test says: one that is good, and one that is not.
export const good = `#cloud-config
hostname: edge-7
timezone: Asia/Kolkata
password: Squeamish-Ossifrage
chpasswd: {expire: false}
packages: [vim]
ntp:
  servers: [10.0.2.77]
bootcmd:
  - echo boot >>/usr/local/booted
write_files:
  - path: /usr/local/etc/lasting
    content: lasting
    permissions: "0640"
  - path: /usr/local/etc/lasting
    content: " and more"
    permissions: "0640"
    append: true
  - path: /run/passing
    content: passing
  - path: /etc/containerd/conf.d/10-other.toml
    content: |
      version = 3
      [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.other]
      runtime_type = "io.containerd.runc.v2"
  - path: /usr/local/deferred
    content: deferred
    defer: true
runcmd:
  - echo said by runcmd
  - [sh, -c, "echo run >>/usr/local/ran"]
kubesolo:
  node_labels:
    site: barn
  config:
    dns:
      hosts: {registry.local: [192.168.1.5]}
`;
export const metaData = "instance-id: barn-1\n";
export const bad = "#cloud-config\nhostname: [not, a, name]\nwrite_files: yes\n";
