# Wired links, and what was told of name and time servers; for 50-network and the DHCP client's script.
#   /run/kubesolo-os/network-done        the agent's: the configuration's network is set up
#   /run/kubesolo-os/links/ORDER-LINK    what one link told: "search NAME", "nameserver ADDRESS", "ntp ADDRESS" a line
#   /run/kubesolo-os/links/000-configuration   the same of the node's configuration; the agent writes it
#   /run/kubesolo-os/dhcp/LINK           the agent's, for a link of the configuration: "order N", "metric N", "no routes",
#                                        "no dns", "no domains", "no ntp" a line
#   /run/kubesolo-os/leases/LINK         the address that a DHCP server gave to such a link

# wired_links: prints the names of the links that are hardware and not radio.
wired_links() {
  for folder in "$ROOT"/sys/class/net/*; do
    [ -e "$folder/device" ] && [ ! -e "$folder/phy80211" ] && echo "${folder##*/}"
  done
}

# is_configured: whether the agent has set the network up, by the node's configuration.
is_configured() {
  [ -e "$STATE/network-done" ]
}

# setting LINK NAME: what the configuration says of DHCP on this link.
setting() {
  sed -n "s/^$2 //p" "$STATE/dhcp/$1" 2>/dev/null
}

# declines LINK WHAT: whether the configuration doesn't want that of the DHCP server.
declines() {
  grep -qx "no $2" "$STATE/dhcp/$1" 2>/dev/null
}

# metric_of LINK, order_of LINK: which default route and which servers win: those of the first link, in the order of the
# configuration or else of the kernel, even if another link's server answered earlier.
metric_of() {
  metric=$(setting "$1" metric)
  echo "${metric:-$((100 + $(cat "$ROOT/sys/class/net/$1/ifindex")))}"
}
order_of() {
  order=$(setting "$1" order)
  echo "${order:-$((100 + $(cat "$ROOT/sys/class/net/$1/ifindex")))}"
}

# set_default_route LINK GATEWAY
set_default_route() {
  ip route replace default via "$2" dev "$1" metric "$(metric_of "$1")"
}

# note_servers LINK: keeps what this link told, which comes on standard input. Nothing, if it has an address only.
note_servers() {
  mkdir -p "$STATE/links"
  cat >"$STATE/links/$(order_of "$1")-$1"
  publish_servers
}

# forget_servers LINK
forget_servers() {
  told=$STATE/links/$(order_of "$1")-$1
  [ -e "$told" ] || return 0
  rm -f "$told"
  publish_servers
}

# publish_servers: makes /run/resolv.conf and /run/kubesolo-os/ntp-servers of what all links told, the first link's first.
publish_servers() {
  # Again if another link's DHCP client wrote its file meanwhile: what it told would be missing.
  until
    told=$(all_told)
    domains=$(echo "$told" | sed -n 's/^search //p' | tr '\n' ' ')
    {
      [ -z "$domains" ] || echo "search ${domains% }"
      echo "$told" | grep '^nameserver '
    } >"$ROOT/run/resolv.conf.$$"
    mv "$ROOT/run/resolv.conf.$$" "$ROOT/run/resolv.conf"
    echo "$told" | sed -n 's/^ntp //p' >"$STATE/ntp-servers"
    [ "$told" = "$(all_told)" ]
  do :; done
}

all_told() {
  cat "$STATE"/links/* 2>/dev/null | awk '!told[$0]++'
}

# wait_for_lease: gives the DHCP servers that were asked a moment, if nothing else gives an address.
wait_for_lease() {
  [ -z "$with_dhcp" ] || [ -n "$with_static" ] || wait_for 5 has_lease || say "no DHCP answer yet; going on without"
  with_dhcp=
}

# Whether some link has an address.
has_lease() {
  for lease in "$STATE"/links/[1-9]*; do [ -e "$lease" ] && return; done
  return 1
}
