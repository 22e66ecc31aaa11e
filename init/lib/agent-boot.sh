# How the stages have the agent apply the node's configuration, and when they do without it; see docs/boot.md.

. "$LIB/devices.sh"

# configure: runs `kubesolo-os-agent boot`, which says itself what is wrong with a configuration. If the agent fails, the
# boot goes on with what was set before.
configure() {
  if is_unconfigured; then
    report_defaults
    return
  fi
  timeout -s KILL 60 kubesolo-os-agent boot || say "the agent failed (code $?): the node's configuration is as before"
  trust_authorities
}

# is_unconfigured: whether it is certain that there is no configuration anywhere, and never was one. Then the agent isn't
# started, whose start takes longer than all else here. Any doubt is left to the agent; docs/decisions/0007-sh-for-growth.md has more.
is_unconfigured() {
  [ -z "$(cmdline kubesolo.cloudinit)" ] && [ ! -e "$ROOT/usr/lib/kubesolo-os/cloud-init" ] || return
  [ ! -e "$ROOT/var/lib/kubesolo/agent" ] || return
  for kept in "$ROOT"/etc/kubesolo/* "$ROOT"/etc/kubesolo/.[!.]*; do
    case ${kept##*/} in machine-id | ssh-host-key | '*' | '.[!.]*') ;; *) return 1 ;; esac
  done
  read_boot_disk
  # GRUB has looked at the boot partition.
  [ -z "$boot_disk" ] || [ "$(cmdline kubesolo.esp)" = empty ] || return
  has_only_our_partitions || ! blkid -c /dev/null -o value -s LABEL 2>/dev/null | grep -qix cidata
}

# report_defaults: leaves the same report as the agent without a configuration, for its second half and for people; a
# test compares the two.
report_defaults() {
  printf '{"uses":"defaults","origin":"%s","appliedMs":%s000,"refusals":[],"warnings":[],"problems":[],"isOnlineDone":false}' \
    "built-in defaults" "$(date +%s)" >"$STATE/configuration.json"
  echo "built-in defaults" >"$STATE/configuration-status"
}

# trust_authorities: has programs trust those of the configuration, if it has any; /etc/ssl leads here.
trust_authorities() {
  bundle=/usr/share/ca-certificates/ca-certificates.crt
  [ ! -s "$ROOT/etc/kubesolo/ca-certificates.crt" ] || bundle=/etc/kubesolo/ca-certificates.crt
  ln -sfn "$bundle" "$ROOT/run/ca-certificates.crt"
}

# is_remote: whether the configuration comes over the network. The network is set up as without a configuration then.
is_remote() {
  case $(cmdline kubesolo.cloudinit) in
    http://* | https://*) ;;
    *) return 1 ;;
  esac
}
