// What netplan has and this system hasn't, and why: nothing that a person wrote is passed over in silence.
import type { Unused } from "./shape.ts";

const refuse = (reason: string) => ({ reason, isError: true });
const ignore = (reason: string) => ({ reason: `is not used: ${reason}` });
const driver = ignore("a card's offloads stay as its driver sets them");

export const refusedKinds: Unused = {
  wifis: refuse("wireless links aren't supported: the system has no wpa_supplicant"),
  modems: refuse("modems aren't supported: the system has no ModemManager"),
  tunnels: refuse("tunnels aren't supported; a pod can make one"),
  vrfs: refuse("VRFs aren't supported: the engine uses one routing table"),
  openvswitch: refuse("Open vSwitch isn't supported: the system has no daemon for it"),
  "dummy-devices": refuse("dummy links aren't supported"),
  "virtual-ethernets": refuse("veth pairs aren't supported"),
  "nm-devices": refuse("NetworkManager's own links aren't supported"),
};

export const unusedOfLinks: Unused = {
  auth: refuse("802.1X isn't supported: the system has no wpa_supplicant"),
  openvswitch: refuse("Open vSwitch isn't supported: the system has no daemon for it"),
  "routing-policy": refuse("policy routing isn't supported: the engine uses one routing table"),
  "activation-mode": refuse("isn't supported: leave out a link that shall stay down"),
  "infiniband-mode": refuse("InfiniBand isn't supported"),
  "virtual-function-count": refuse("SR-IOV isn't supported"),
  "embedded-switch-mode": refuse("SR-IOV isn't supported"),
  "dhcp6-overrides": ignore("there is no DHCPv6 client"),
  "ipv6-privacy": ignore("IPv6 addresses are the kernel's stable ones"),
  "ipv6-mtu": ignore("IPv6 has the link's MTU"),
  "ipv6-address-generation": ignore("IPv6 addresses are the kernel's stable ones"),
  "ipv6-address-token": ignore("IPv6 addresses are the kernel's stable ones"),
  "ignore-carrier": ignore("a link without a carrier keeps its addresses anyway"),
  "optional-addresses": ignore("a boot waits for no address longer than a moment"),
  "neigh-suppress": ignore("a bridge's ports keep the kernel's defaults"),
  "emit-lldp": ignore("the system doesn't speak LLDP"),
  "delay-virtual-functions-rebind": ignore("SR-IOV isn't supported"),
  "receive-checksum-offload": driver,
  "transmit-checksum-offload": driver,
  "tcp-segmentation-offload": driver,
  "tcp6-segmentation-offload": driver,
  "generic-segmentation-offload": driver,
  "generic-receive-offload": driver,
  "large-receive-offload": driver,
};

export const unusedOfRoutes: Unused = {
  table: refuse("other routing tables aren't supported"),
  from: ignore("the kernel chooses the source address"),
  scope: ignore("the kernel chooses it: with a gateway all, else the link"),
  mtu: ignore("the link's MTU counts"),
  "congestion-window": ignore("the kernel's own counts"),
  "advertised-receive-window": ignore("the kernel's own counts"),
  "advertised-mss": ignore("the kernel's own counts"),
};

export const unusedOfDhcp: Unused = {
  "use-hostname": ignore("the name is the configuration's"),
  "use-mtu": ignore("give the link an mtu"),
  hostname: ignore("the DHCP client tells no name"),
  "send-hostname": ignore("the DHCP client tells no name"),
};
