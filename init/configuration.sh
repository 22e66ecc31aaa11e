# The node's configuration in the stages. The agent decides and applies; see docs/boot.md.

# configure: whatever becomes of the agent, the boot goes on with what was set before. What is wrong with a configuration the
# agent says itself.
configure() {
  timeout -s KILL 60 kubesolo-os-agent boot || say "the agent failed (code $?): the node's configuration is as before"
  trust_authorities
}

# trust_authorities: has programs trust those of the configuration, if it has any; /etc/ssl leads here.
trust_authorities() {
  bundle=/usr/share/ca-certificates/ca-certificates.crt
  [ ! -s "$ROOT/etc/kubesolo/ca-certificates.crt" ] || bundle=/etc/kubesolo/ca-certificates.crt
  ln -sfn "$bundle" "$ROOT/run/ca-certificates.crt"
}

# is_remote: whether the configuration comes over the network, which is as without one then.
is_remote() {
  case $(cmdline kubesolo.cloudinit) in
    http://* | https://*) ;;
    *) return 1 ;;
  esac
}
