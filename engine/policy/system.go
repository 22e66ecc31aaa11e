package policy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"kubesolo-os/engine/nftables"
)

// CheckSystem says what this machine lacks to enforce policies.
func CheckSystem(ctx context.Context) error {
	if err := prepareBridge(); err != nil {
		return err
	}
	return checkFeatures(ctx)
}

// Apply hands a script to nft: all of it holds afterwards, or nothing changed.
func Apply(ctx context.Context, script string) error {
	if err := nftables.Apply(ctx, script); err != nil {
		return fmt.Errorf("network policies: %w", err)
	}
	return nil
}

// bridgeSwitch lets packets between two pods, which are on one bridge, pass the rules for IP.
// Kernel documentation, networking/bridge.rst and admin-guide/sysctl/net.rst.
const bridgeSwitch = "/proc/sys/net/bridge/bridge-nf-call-"

// prepareBridge: the same switch is needed for services, so it is usually on already.
func prepareBridge() error {
	for _, protocol := range []string{"iptables", "ip6tables"} {
		setting, err := os.ReadFile(bridgeSwitch + protocol)
		if errors.Is(err, os.ErrNotExist) {
			return errors.New("network policies need the kernel's module br_netfilter, which is not loaded; run: modprobe br_netfilter")
		}
		if err == nil && strings.TrimSpace(string(setting)) == "1" {
			continue // it may be nobody's to write
		}
		if err := os.WriteFile(bridgeSwitch+protocol, []byte("1\n"), 0o644); err != nil {
			return fmt.Errorf("cannot make traffic between pods pass the network policies: %w", err)
		}
	}
	return nil
}

// features of nf_tables that the rules are made of, each with a rule that needs it.
var features = []struct{ missing, table string }{
	{"nf_tables with the inet family (modules nf_tables, CONFIG_NF_TABLES_INET)", "chain a { type filter hook forward priority filter; }"},
	{"connection tracking (modules nf_conntrack, nft_ct)", "chain a { ct state established,related accept; }"},
	{"sets of address pairs", "set a { type ipv4_addr . inet_proto . inet_service; }; chain b { ip daddr . meta l4proto . th dport @a accept; }"},
	{"verdict maps", "map a { type ipv4_addr : verdict; }; chain b { ip saddr vmap @a; }"},
	{"sets of intervals", "chain a { ip saddr { 10.0.0.1-10.0.0.9, 10.1.0.0-10.2.0.9 } tcp dport { 1-9, 80 } accept; }"},
}

// checkFeatures tries them all at once in a table that is gone with the transaction, and one by one only
// to find out what is missing. nft -c asks the kernel, too.
func checkFeatures(ctx context.Context) error {
	var script strings.Builder
	for _, feature := range features {
		script.WriteString(trial(feature.table))
	}
	failure := nftables.Check(ctx, script.String())
	if failure == nil {
		return nil
	}
	for _, feature := range features {
		if err := nftables.Check(ctx, trial(feature.table)); err != nil {
			return fmt.Errorf("network policies need a feature that this kernel lacks: %s: %w", feature.missing, err)
		}
	}
	return failure
}

func trial(table string) string {
	const name = "inet kubesolo-policy-trial"
	return fmt.Sprintf("table %s {\n%s\n}\ndelete table %s\n", name, strings.ReplaceAll(table, "; ", "\n"), name)
}
