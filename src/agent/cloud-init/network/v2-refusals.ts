// What netplan has and this system hasn't, and why: nothing that a person wrote is passed over in silence.
import { ignored, refused } from "../schema/key-notes.ts";

const KERNELS = "IPv6 addresses are the kernel's stable ones";
const VSWITCH = "Open vSwitch isn't supported: the system has no daemon for it";
const SR_IOV = "SR-IOV isn't supported";
const driver = () => ignored("a card's offloads stay as its driver sets them");

export const refusedKinds = {
  wifis: () => ignored("wireless links aren't supported: the system has no wpa_supplicant"),
  modems: () => ignored("modems aren't supported: the system has no ModemManager"),
  tunnels: () => ignored("tunnels aren't supported; a pod can make one"),
  vrfs: () => refused("VRFs aren't supported: the engine uses one routing table"),
  openvswitch: () => refused(VSWITCH),
  "dummy-devices": () => ignored("dummy links aren't supported"),
  "virtual-ethernets": () => ignored("veth pairs aren't supported"),
  "nm-devices": () => ignored("NetworkManager's own links aren't supported"),
};

export const unusedOfLinks = {
  auth: () => refused("802.1X isn't supported: the system has no wpa_supplicant"),
  openvswitch: () => refused(VSWITCH),
  "routing-policy": () => refused("policy routing isn't supported: the engine uses one routing table"),
  "activation-mode": () => refused("isn't supported: leave out a link that shall stay down"),
  "infiniband-mode": () => refused("InfiniBand isn't supported"),
  "virtual-function-count": () => refused(SR_IOV),
  "embedded-switch-mode": () => refused(SR_IOV),
  "dhcp6-overrides": () => ignored("there is no DHCPv6 client"),
  "ipv6-privacy": () => ignored(KERNELS),
  "ipv6-mtu": () => ignored("IPv6 has the link's MTU"),
  "ipv6-address-generation": () => ignored(KERNELS),
  "ipv6-address-token": () => ignored(KERNELS),
  "ignore-carrier": () => ignored("a link without a carrier keeps its addresses anyway"),
  "optional-addresses": () => ignored("a boot waits for no address longer than a moment"),
  "neigh-suppress": () => ignored("a bridge's ports keep the kernel's defaults"),
  "emit-lldp": () => ignored("the system doesn't speak LLDP"),
  "delay-virtual-functions-rebind": () => ignored(SR_IOV),
  "receive-checksum-offload": driver,
  "transmit-checksum-offload": driver,
  "tcp-segmentation-offload": driver,
  "tcp6-segmentation-offload": driver,
  "generic-segmentation-offload": driver,
  "generic-receive-offload": driver,
  "large-receive-offload": driver,
};
