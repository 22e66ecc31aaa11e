# The kernel's own syntax for a network by command line, Documentation/admin-guide/nfs/nfsroot.rst:
#   ip=CLIENT:SERVER:GATEWAY:NETMASK:HOST:LINK:METHOD:DNS0:DNS1:NTP0     ip=dhcp     ip=off
# Pure, but for variables.

# read_ip_word VALUE: sets kind (static, dhcp or off) and what belongs to it: link, client, prefix, gateway, host,
# servers. Fails with the reason in problem.
read_ip_word() {
  problem='' link='' client='' prefix='' gateway='' mask='' host='' servers=''
  case $1 in
    dhcp | on | any | both | bootp | rarp | off | none) method=$1 && read_method && return ;;
  esac
  # Empty fields stay fields: a colon is no white space.
  IFS=: read -r client _ gateway mask host link method dns0 dns1 ntp0 _ <<EOF
$1
EOF
  read_method || return
  [ "$kind" = static ] || return 0
  [ -n "$client" ] || refuse "no address" || return
  number=$(number_of_address "$client") || refuse "$client is no IPv4 address" || return
  prefix=$(prefix_of "$mask" "$number") || refuse "$mask is no netmask" || return
  [ -z "$gateway" ] || is_near "$gateway" || return
  for server in $dns0 $dns1 $ntp0; do
    number_of_address "$server" >/dev/null || refuse "$server is no IPv4 address" || return
  done
  servers=$(
    for server in $dns0 $dns1; do echo "nameserver $server"; done
    [ -z "$ntp0" ] || echo "ntp $ntp0"
  )
}

# Without a method, an address makes the difference.
read_method() {
  case $method in
    dhcp | on | any | both | bootp | rarp) kind=dhcp ;;
    off | none | static | '') kind=static ;;
    *) refuse "$method is no way to get an address" || return ;;
  esac
  case $method:$client$gateway$mask in
    :) kind=dhcp ;;
    off: | none:) kind=off ;;
  esac
}

refuse() {
  problem=$1
  return 1
}

# is_near GATEWAY: whether it is an address in the client's network.
is_near() {
  other=$(number_of_address "$1") || refuse "$1 is no IPv4 address" || return
  [ $(((other ^ number) >> (32 - prefix))) -eq 0 ] || refuse "the gateway $1 is not in the network of $client"
}

# number_of_address TEXT: prints an IPv4 address as a number.
number_of_address() {
  case $1 in '' | *[!0-9.]* | *.*.*.*.* | .* | *. | *..*) return 1 ;; esac
  IFS=. read -r a b c d <<EOF
$1
EOF
  for byte in "$a" "$b" "$c" "$d"; do
    # With a zero in front, the shell would read it as octal.
    case $byte in '' | 0?* | ????*) return 1 ;; esac
    [ "$byte" -le 255 ] || return 1
  done
  echo $(((a << 24) + (b << 16) + (c << 8) + d))
}

# prefix_of NETMASK ADDRESS-NUMBER: prints its length; without a netmask, that of the address's class, as the kernel.
prefix_of() {
  case $1 in
    '')
      if [ "$2" -lt $((128 << 24)) ]; then echo 8; elif [ "$2" -lt $((192 << 24)) ]; then echo 16; else echo 24; fi
      return
      ;;
    [0-9] | [12][0-9] | 3[0-2]) echo "$1" && return ;;
  esac
  zeros=$((0xffffffff ^ $(number_of_address "$1" || echo 0x1ffffffff)))
  [ $((zeros & (zeros + 1))) -eq 0 ] || return 1
  length=32
  while [ "$zeros" -gt 0 ]; do
    zeros=$((zeros >> 1)) length=$((length - 1))
  done
  echo "$length"
}
