// A machine with two wired links and a radio, for the tests of the network.

export const links = {
  "run/x": "",
  "sys/class/net/eth0/device/x": "",
  "sys/class/net/eth0/ifindex": "2\n",
  "sys/class/net/eth1/device/x": "",
  "sys/class/net/eth1/ifindex": "3\n",
  "sys/class/net/wlan0/device/x": "",
  "sys/class/net/wlan0/phy80211/x": "",
  "sys/class/net/lo/address": "",
};

/** The links for which a DHCP client was started. */
export const dhcpOn = (calls: string[]) =>
  calls.flatMap((call) => (call.startsWith("udhcpc") ? [/-i (\S+)/.exec(call)?.[1]] : [])).sort();

/** How addresses and routes were set. */
export const routes = (calls: string[]) => calls.filter((call) => /^ip (addr|route)/.test(call));
