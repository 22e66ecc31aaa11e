// A shell script for the guest: what else is on the network, where one machine has to do.

export const silentServer = "10.9.0.99";

/**
 * A router at the other end of the node's cable, in a network namespace of the same kernel: its DHCP server names two time
 * servers (option 42), one of which isn't there; what the other one is asked goes on to this host's port.
 */
export const router = (port: number) => `set -e
unshare -n sleep 86400 >/dev/null 2>&1 </dev/null &
pid=$!
until [ "$(readlink /proc/$pid/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.1; done
ip link set eth0 netns $pid
ip link set eth2 netns $pid
cat >/tmp/udhcpd.conf <<'CONF'
start 10.9.0.20
end 10.9.0.20
interface eth2
lease_file /tmp/udhcpd.leases
option subnet 255.255.255.0
option ntpsrv ${silentServer} 10.9.0.1
CONF
touch /tmp/udhcpd.leases
nsenter -t $pid -n sh -e <<'ROUTER'
echo 1 >/proc/sys/net/ipv4/ip_forward
ip addr add 10.0.2.15/24 dev eth0
ip addr add 10.9.0.1/24 dev eth2
ip link set eth0 up
ip link set eth2 up
nft -f - <<'RULES'
table ip router {
  chain in { type nat hook prerouting priority dstnat; iifname "eth2" udp dport 123 ip daddr 10.9.0.1 dnat to 10.0.2.2:${port}; }
  chain out { type nat hook postrouting priority srcnat; oifname "eth0" masquerade; }
}
RULES
udhcpd -S /tmp/udhcpd.conf </dev/null >/dev/null 2>&1
ROUTER
`;
