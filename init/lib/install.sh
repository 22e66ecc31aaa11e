# From the ISO onto a disk of this machine: as the node's configuration says, or who sits at a console.
#   reads   /etc/kubesolo/install.json, kubesolo.install

# install_if_asked: ends the boot when the system was installed. When it can't be, that is told, and the boot goes on from the medium.
install_if_asked() {
  [ "$(cmdline kubesolo.root)" = LABEL=KSOLOISO ] || return 0
  if [ -e "$ROOT/etc/kubesolo/install.json" ]; then
    end=$(agent install) || say "nothing was installed: going on from the medium"
  elif has_flag kubesolo.install; then
    ask_for_disk
  else
    return 0
  fi
  case $end in reboot | poweroff) end_installed "$end" ;; esac
}

# end_installed WORD: what was written is on the disk already; state in memory goes.
end_installed() {
  sync
  sleep 3 # so that a person sees it
  "$1" -f
}

ANSWER_SECONDS=300

# ask_for_disk: sets end. Screen and serial port are asked; who answers first decides, and after five minutes nobody does.
ask_for_disk() {
  end=
  rm -f "$STATE/install-answer"
  load_device_modules # the keyboard
  asking=
  # shellcheck disable=SC2013  # words
  for console in $(cat "$ROOT/sys/class/tty/console/active"); do
    # What the firmware left there goes.
    if [ "$console" = tty0 ]; then console=tty1 && printf '\033[H\033[J' >>"$ROOT/dev/tty1"; fi
    # shellcheck disable=SC2094  # a terminal
    ask_at <"$ROOT/dev/$console" >>"$ROOT/dev/$console" 2>&1 &
    asking="$asking $!"
  done
  wait_for "$ANSWER_SECONDS" has_answer || say "nobody chose a disk"
  while [ "$(answer)" = working ]; do sleep 1; done
  # shellcheck disable=SC2086  # numbers
  kill $asking 2>/dev/null
  end=$(answer)
  case $end in reboot | poweroff) ;; *) say "nothing was installed: going on from the medium" ;; esac
}

has_answer() {
  [ -e "$STATE/install-answer" ]
}

answer() {
  cat "$STATE/install-answer" 2>/dev/null
}

# ask_at: the dialogue at one console. Leaves the answer: "working", and then what `agent install` says, or "none".
ask_at() {
  echo
  echo "Install KubeSolo OS on a disk of this machine. There are:"
  agent install --list || echo "  no disks"
  sure=
  until [ "$sure" = yes ]; do
    printf 'Name of the disk (nothing: start from this medium): '
    read -r disk || return
    [ -n "$disk" ] || break
    agent install --list "$disk" || continue
    printf 'ALL on %s will be lost. Type yes to go on: ' "$disk"
    read -r sure || return
  done
  ! has_answer || return 0
  said=none
  if [ -n "$disk" ]; then
    echo working >"$STATE/install-answer"
    said=$(agent install --erase "$disk") || said=none
  fi
  echo "$said" >"$STATE/install-answer.new"
  mv "$STATE/install-answer.new" "$STATE/install-answer"
}
