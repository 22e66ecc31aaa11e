# Which wired link gets what of the command line's ip= words, whenever it shows up; for 50-network and hotplug.
#   /run/kubesolo-os/ip-words     the words that no link has taken yet, in their order
#   /run/kubesolo-os/taken/LINK   the link's number, and the word that it took, if any

# take_new_links: sets up the links that have shown up since, and forgets those that are gone. Sets with_dhcp and
# with_static.
take_new_links() {
  with_dhcp='' with_static=''
  mkdir -p "$STATE/taken"
  # Links that the configuration doesn't name are left alone.
  if is_configured; then
    agent network plug || say "the agent failed (code $?)"
    return
  fi
  forget_gone_links
  rest=" "
  for link in $(wired_links); do [ -e "$STATE/taken/$link" ] || rest="$rest$link "; done
  [ "$rest" != " " ] || return 0
  for link in $rest; do ip link set "$link" up || say "cannot bring up $link"; done

  rest_kind=dhcp
  left=
  # shellcheck disable=SC2013  # words
  for word in $(cat "$STATE/ip-words"); do
    read_ip_word "$word" || { say "ip=$word: $problem; using DHCP" && continue; }
    if [ -z "$link" ] && [ "$kind" != static ]; then
      rest_kind=$kind left="$left $word"
      continue
    fi
    # The first that is left, unless one is named.
    [ -n "$link" ] || link=$(echo "$rest" | cut -d ' ' -f 2)
    case $rest in
      *" $link "*) rest=$(echo "$rest" | sed "s/ $link / /") ;;
      *)
        say "ip=$word: there is no link ${link:-left}"
        left="$left $word"
        continue
        ;;
    esac
    [ "$kind" = off ] || "start_$kind" "$link"
    note_taken "$link" "$word"
  done
  echo "$left" >"$STATE/ip-words"

  for link in $rest; do
    [ "$rest_kind" = off ] || start_dhcp "$link"
    note_taken "$link"
  done
}

start_dhcp() { # LINK
  with_dhcp=yes
  {
    udhcpc -b -t 5 -T 1 -A 5 -O ntpsrv -i "$1" -p "$ROOT/run/udhcpc.$1.pid" \
      -s "$ROOT/usr/lib/kubesolo-os/services/udhcpc" >>"$STATE/udhcpc.$1.log" 2>&1 || say "no DHCP client for $1"
  } &
}

start_static() { # LINK, and what read_ip_word set
  with_static=yes
  ip addr replace "$client/$prefix" dev "$1" || say "cannot give $1 the address $client/$prefix"
  [ -z "$gateway" ] || set_default_route "$1" "$gateway" || say "cannot route through $gateway on $1"
  [ -z "$host" ] || echo "$host" >"$STATE/hostname"
  echo "$servers" | grep . | note_servers "$1"
}

note_taken() { # LINK [WORD]
  echo "$(cat "$ROOT/sys/class/net/$1/ifindex") $2" >"$STATE/taken/$1"
}

# A link that is plugged in again is another one, by its number: it takes the word that the old one had.
forget_gone_links() {
  for note in "$STATE"/taken/*; do
    [ -e "$note" ] || continue
    link=${note##*/}
    read -r number word <"$note"
    [ "$(cat "$ROOT/sys/class/net/$link/ifindex" 2>/dev/null)" != "$number" ] || continue
    kill "$(cat "$ROOT/run/udhcpc.$link.pid" 2>/dev/null)" 2>/dev/null
    # What order_of said while the link was there.
    rm -f "$note" "$STATE/links/$((100 + number))-$link"
    publish_servers
    [ -z "$word" ] || echo "$word" >>"$STATE/ip-words"
  done
}
