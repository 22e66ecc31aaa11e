package config

import (
	"encoding/json"
	"os"
	"testing"
)

// TestFlags holds the engine to the table that the agent's check of kubesolo.flags is held to: both say the same of each.
func TestFlags(t *testing.T) {
	content, err := os.ReadFile("testdata/flags.json")
	if err != nil {
		t.Fatal(err)
	}
	var table struct{ Right, Wrong []string }
	if err := json.Unmarshal(content, &table); err != nil {
		t.Fatal(err)
	}
	for isRight, flags := range map[bool][]string{true: table.Right, false: table.Wrong} {
		for _, flag := range flags {
			_, err := Resolve(ParseArguments([]string{flag}), File{}, nil, machine)
			if isRight != (err == nil) {
				t.Errorf("%s: %v", flag, err)
			}
		}
	}
}
