#!/bin/sh
# The first process of a sandbox: makes the namespaces that unshare(1) gave it look like a node just booted,
# then stays and reaps what loses its parent.
#   called  boot.sh DIRECTORY NAME, in fresh mount, PID, network, UTS, IPC and cgroup namespaces
#   leaves  DIRECTORY/booted when all is there, or a message on standard error and a non-zero exit
set -eu

directory=$1
name=$2

hostname "$name"
mount -t tmpfs -o mode=0755 tmpfs /run
# What is written below these folders is gone at the end, and the host's own files stay as they are.
for folder in /etc /opt /var/lib /var/log; do
  layers=/run/sandbox$folder
  mkdir -p "$layers/upper" "$layers/work"
  mount -t overlay -o "lowerdir=$folder,upperdir=$layers/upper,workdir=$layers/work" overlay "$folder"
done
rm -rf /etc/cni /etc/containerd /opt/cni /var/lib/cni /var/lib/kubelet /var/log/pods /var/log/containers
mkdir -p /etc/cni /var/lib/cni /var/lib/kubelet /var/log/pods /var/log/containers /run/netns

# A boot of its own: the engine cleans up after a reboot, and only then.
cat /proc/sys/kernel/random/uuid >/run/sandbox/boot-id
mount --bind /run/sandbox/boot-id /proc/sys/kernel/random/boot_id
rm -f /etc/machine-id /etc/hosts /etc/hostname /etc/resolv.conf
tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id
echo "$name" >/etc/hostname
printf '127.0.0.1 localhost\n::1 localhost\n10.88.0.2 %s\n' "$name" >/etc/hosts
echo "nameserver 10.88.0.1" >/etc/resolv.conf

# A new sysfs shows this network namespace. The cgroup file systems are the host's, seen from the sandbox's cgroups.
grep -E ' - cgroup2? ' /proc/self/mountinfo >/run/sandbox/hierarchies
mount -t sysfs sysfs /sys
if grep -q ' /sys/fs/cgroup .* - cgroup2 ' /run/sandbox/hierarchies; then
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
  # All processes are in its child "sandbox", or else it could give its children no controllers.
  # shellcheck disable=SC2013  # words
  for controller in $(cat /sys/fs/cgroup/cgroup.controllers); do
    echo "+$controller" >/sys/fs/cgroup/cgroup.subtree_control
  done
else
  mount -t tmpfs -o mode=0755 tmpfs /sys/fs/cgroup
  # … MOUNT-POINT … - TYPE SOURCE SUPER-OPTIONS, proc_pid_mountinfo(5)
  while read -r _ _ _ _ point rest; do
    # shellcheck disable=SC2086  # words
    set -- ${rest#* - }
    controllers=$(echo "$3" | tr , '\n' | grep -vx 'rw\|xattr\|nsdelegate\|release_agent=.*' | tr '\n' ,)
    mkdir -p "$point"
    mount -t "$1" ${controllers:+-o "${controllers%,}"} cgroup "$point"
  done </run/sandbox/hierarchies
fi
mount --make-rshared /

# The world outside the node is a namespace of its own, at the other end of a cable.
ip netns add outside
ip link add eth0 type veth peer name cable netns outside
ip netns exec outside sh -c 'ip link set lo up && ip address add 10.88.0.1/24 dev cable && ip link set cable up'
ip link set lo up
ip address add 10.88.0.2/24 dev eth0
ip link set eth0 up
ip route add default via 10.88.0.1
echo 1 >/proc/sys/net/ipv4/ip_forward
echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
# Not there where the kernel is built without it, and then not needed: a device loads the module.
for family in iptables ip6tables; do
  bridged=/proc/sys/net/bridge/bridge-nf-call-$family
  [ ! -e "$bridged" ] || echo 1 >"$bridged"
done

touch "$directory/booted"
while :; do
  sleep 3600 &
  wait
done
