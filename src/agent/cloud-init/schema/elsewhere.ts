// Keys of cloud-init's other modules, and of other systems: known, and told of with a reason each. What adds software or
// comfort is left out, with a warning; a file that is another system's as a whole is refused.
import * as v from "valibot";
import { once } from "../../once.ts";
import { ignored, refused } from "./key-notes.ts";
import { mapping, maybe, truth } from "./kinds.ts";

const CONTAINER = "put programs in a container, or a static one below /usr/local with write_files";
const immutable = (what: string) => ignored(`the root is immutable: ${what}`, CONTAINER);
const noManager = (name: string) => ignored(`the system has no ${name}`, CONTAINER);
const otherTool = (name: string) =>
  ignored(`the node isn't managed by ${name}`, "change this file, or use Kubernetes");
const noPackages = once(() =>
  ignored("there are no packages to update; the system is updated as a whole (kubesolo.updates)"),
);
const noServer = once(() =>
  ignored("only images of `kubesolo-os build --ssh` have an SSH server, and it takes keys alone"),
);
const oneDisk = once(() =>
  ignored(
    "the node makes no partitions and file systems but its own",
    "use volumes of the local-path storage class, or a pod that mounts the disk",
  ),
);
const ownLog = once(() => ignored("messages go to the console and to /var/log/kubesolo.log"));
const ownModules = once(() => ignored("the order of what is done is fixed"));
const noCloud = once(() =>
  ignored(
    "configuration comes from a volume, a file or the command line; docs/node-configuration.md has the order",
  ),
);

const vendorData = once(() =>
  v.pipe(
    maybe(
      mapping({
        enabled: v.pipe(maybe(truth), v.description("no: leave out vendor-data.")),
        prefix: ignored("vendor-data is no script here"),
      }),
    ),
    v.description("Whether the volume's vendor-data counts."),
  ),
);
const mergeHow = once(() =>
  v.pipe(
    maybe(v.union([v.string("how to merge"), v.array(v.unknown())], "how to merge")),
    v.description("How user-data and vendor-data are joined: only cloud-init's default is taken."),
  ),
);

export const elsewhereKeys = {
  vendor_data: vendorData,
  vendor_data2: () => ignored("the volume has one vendor-data, which vendor_data is about"),
  merge_how: mergeHow,
  merge_type: mergeHow,
  packages: () => immutable("no packages can be installed"),
  package_update: noPackages,
  package_upgrade: noPackages,
  package_reboot_if_required: noPackages,
  apt_update: noPackages,
  apt_upgrade: noPackages,
  apt_reboot_if_required: noPackages,
  repo_update: noPackages,
  repo_upgrade: noPackages,
  repo_upgrade_exclude: noPackages,
  apt: () => ignored("the system has no apt"),
  apt_sources: () => ignored("the system has no apt"),
  apt_mirror: () => ignored("the system has no apt"),
  apt_proxy: () => ignored("the system has no apt"),
  apt_pipelining: () => ignored("the system has no apt"),
  apt_preserve_sources_list: () => ignored("the system has no apt"),
  apk_repos: () => ignored("the system has no apk"),
  yum_repos: () => ignored("the system has no yum"),
  yum_repo_dir: () => ignored("the system has no yum"),
  zypper: () => ignored("the system has no zypper"),
  snap: () => noManager("snapd"),
  snappy: () => noManager("snapd"),
  lxd: () => noManager("LXD"),
  byobu_by_default: () => ignored("the system has no byobu"),
  drivers: () =>
    ignored("drivers are part of the image", "build an image with the drivers (profile hardware)"),
  rpi: () => ignored("there is no Raspberry Pi firmware to configure"),
  fan: () => ignored("the system has no Ubuntu Fan", "pods have a network already"),
  wireguard: () =>
    ignored("no tunnels can be made from this file", "run WireGuard in a pod on the host's network"),
  ansible: () => otherTool("Ansible"),
  chef: () => otherTool("Chef"),
  puppet: () => otherTool("Puppet"),
  salt_minion: () => otherTool("Salt"),
  mcollective: () => otherTool("MCollective"),
  landscape: () => otherTool("Landscape"),
  spacewalk: () => otherTool("Spacewalk"),
  rh_subscription: () => ignored("this isn't Red Hat's system"),
  ubuntu_advantage: () => ignored("this isn't Ubuntu"),
  ubuntu_pro: () => ignored("this isn't Ubuntu"),
  autoinstall: () =>
    refused(
      "this is a file for Ubuntu's installer; the image is installed already",
      "take what is below autoinstall.user-data, and write it at the top",
    ),
  disk_setup: oneDisk,
  fs_setup: oneDisk,
  mounts: () =>
    ignored(
      "no other disks are mounted from this file",
      "use volumes of the local-path storage class, or a pod that mounts the disk",
    ),
  mount_default_fields: () => ignored("no other disks are mounted from this file"),
  device_aliases: () => ignored("no other disks are mounted from this file"),
  grub_dpkg: () => ignored("the boot loader is part of the image"),
  "grub-dpkg": () => ignored("the boot loader is part of the image"),
  locale: () => ignored("the system's messages are in English; pods have locales of their own"),
  locale_configfile: () => ignored("the system's messages are in English"),
  keyboard: () => ignored("the console has the layout us"),
  manage_resolv_conf: () => ignored("name servers come from network or from DHCP"),
  resolv_conf: () => ignored("name servers aren't set here", "write them below network, as nameservers"),
  updates: () =>
    ignored("the network is set up once, at the boot", "this node's own updates are kubesolo.updates"),
  random_seed: () => ignored("the kernel has random numbers from the machine, and keeps a seed"),
  phone_home: () =>
    ignored("the node tells no server that it has started", "call the URL with wget in runcmd"),
  power_state: () =>
    ignored("the node stays on once it is configured", "to restart it, use Kubernetes or the console"),
  final_message: () => ignored("the console shows when the node is ready"),
  output: ownLog,
  rsyslog: () => ignored("the system has no rsyslog", "collect logs with a DaemonSet"),
  reporting: () => ignored("the node reports its start to no server", "collect logs with a DaemonSet"),
  debug: ownLog,
  log_cfgs: ownLog,
  def_log_file: ownLog,
  syslog_fix_perms: ownLog,
  enable_ssh: noServer,
  ssh_pwauth: noServer,
  ssh: noServer,
  ssh_deletekeys: noServer,
  ssh_genkeytypes: noServer,
  ssh_quiet_keygen: noServer,
  ssh_publish_hostkeys: noServer,
  ssh_fp_console_blacklist: noServer,
  ssh_key_console_blacklist: noServer,
  no_ssh_fingerprints: noServer,
  authkey_hash: noServer,
  disable_root_opts: noServer,
  ssh_keys: () =>
    ignored("the system keeps no host keys from this file", "leave it to the image that has SSH"),
  ssh_import_id: () =>
    ignored(
      "keys aren't loaded from the network: what answers could log in",
      "write the keys below ssh_authorized_keys",
    ),
  disable_ec2_metadata: () => ignored("the node asks no cloud for metadata"),
  datasource: noCloud,
  datasource_list: noCloud,
  allow_userdata: noCloud,
  "launch-index": () => ignored("this node is the only one that reads the file"),
  cloud_init_modules: ownModules,
  cloud_config_modules: ownModules,
  cloud_final_modules: ownModules,
  unverified_modules: ownModules,
  migrate: () => ignored("there is nothing to migrate from"),
  k3os: () =>
    refused(
      "this is a configuration of k3OS",
      "labels go to kubesolo.node_labels, flags to kubesolo.flags, files and commands to the top",
    ),
  rancher: () =>
    refused(
      "this is a configuration of RancherOS",
      "files and commands go to the top; services are manifests (kubesolo.manifests)",
    ),
  rke2: () => ignored("this node isn't RKE2", "settings of the engine go to kubesolo.config"),
  k3s: () => ignored("this node isn't K3s", "settings of the engine go to kubesolo.config"),
  coreos: () => refused("this is a configuration of CoreOS", "files and commands go to the top"),
  machine: () =>
    refused(
      "this is a machine configuration of Talos",
      "see docs/node-configuration.md for the keys of this system",
    ),
  cluster: () => refused("the cluster is this node alone", "settings of the engine go to kubesolo.config"),
  stages: () => refused("this is a configuration of Kairos or Elemental", "files and commands go to the top"),
  install: () => ignored("the image is installed already"),
  ethernets: () => refused("this is a piece of netplan", "put it below network, with version: 2"),
  bonds: () => refused("this is a piece of netplan", "put it below network, with version: 2"),
  bridges: () => refused("this is a piece of netplan", "put it below network, with version: 2"),
  vlans: () => refused("this is a piece of netplan", "put it below network, with version: 2"),
  wifis: () => refused("this is a piece of netplan, and the system has no Wi-Fi", "use a wired link"),
  version: () => ignored("a network has its version below network"),
  renderer: () => ignored("the system brings its links up itself"),
};
