package nftables

import (
	"os/exec"
	"strings"
	"testing"
)

func TestApplyWithoutNft(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	err := Apply(t.Context(), "")
	if err == nil || !strings.Contains(err.Error(), "install nftables") {
		t.Errorf("got %v", err)
	}
}

func TestApplyQuotesTheFirstComplaints(t *testing.T) {
	if _, err := exec.LookPath("nft"); err != nil {
		t.Fatal("this host has no nft")
	}
	err := Apply(t.Context(), strings.Repeat("bad\n", 100))
	if err == nil || !strings.Contains(err.Error(), "bad") || strings.Count(err.Error(), "\n") > 3 {
		t.Errorf("got %v", err)
	}
}
