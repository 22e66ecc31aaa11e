// Package nftables hands rules to the kernel, through the program nft.
package nftables

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

// Apply hands a script over: all of it holds afterwards, or nothing changed.
func Apply(ctx context.Context, script string) error {
	return Run(ctx, script, "-f", "-")
}

// Check asks the kernel whether it would take the script.
func Check(ctx context.Context, script string) error {
	return Run(ctx, script, "-c", "-f", "-")
}

// Remove is the beginning of a script: afterwards there is no such table, "inet mine". Declared first, because deleting one
// that isn't there is an error. What follows in the script takes its place in the same transaction. Pure.
func Remove(table string) string {
	return fmt.Sprintf("table %[1]s\ndelete table %[1]s\n", table)
}

// Run runs nft, with the script on its standard input.
func Run(ctx context.Context, script string, args ...string) error {
	command := exec.CommandContext(ctx, "nft", args...)
	command.Stdin = strings.NewReader(script)
	var complaints bytes.Buffer
	command.Stderr = &complaints
	err := command.Start()
	if err == nil {
		noteOwn(command.Process.Pid)
		err = command.Wait()
	}
	if errors.Is(err, exec.ErrNotFound) {
		return errors.New("the program nft is not on PATH; install nftables")
	}
	if err != nil {
		return fmt.Errorf("nft refuses the rules: %w: %s", err, firstLines(complaints.String()))
	}
	return nil
}

// firstLines: nft complains about each line of a script that it can't carry out.
func firstLines(text string) string {
	lines := strings.SplitN(strings.TrimSpace(text), "\n", 4)
	return strings.Join(lines[:min(len(lines), 3)], "\n")
}
