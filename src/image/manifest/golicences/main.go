// golicences tells under which licences Go modules are. It reads host folders from standard input, a line each, and
// prints a JSON array with an element for each, in the same order: the SPDX identifiers in the module's licence file.
// Go modules declare no licence but by that file, so its text is recognised, as pkg.go.dev does.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/google/licensecheck"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "golicences:", err)
		os.Exit(1)
	}
}

func run(folders io.Reader, output io.Writer) error {
	found := [][]string{}
	lines := bufio.NewScanner(folders)
	for lines.Scan() {
		ids, err := ofFolder(lines.Text())
		if err != nil {
			return err
		}
		found = append(found, ids)
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return json.NewEncoder(output).Encode(found)
}

// Names such as LICENSE-3RD-PARTY and LICENSE.docs are of parts of a module that aren't linked.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|unlicense)(\.(txt|md|mit))?$`)

// ofFolder joins what all licence files at the top of a module say; none at all is no error.
func ofFolder(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	ids := []string{}
	for _, entry := range entries {
		if entry.IsDir() || !licenceFile.MatchString(entry.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			return nil, err
		}
		ids = append(ids, ofText(text)...)
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// How much of a text must be known words of licences for it to count as one, in percent: pkg.go.dev's bound.
const enough = 75

// ofText tells nothing of a text that is mostly something else.
func ofText(text []byte) []string {
	coverage := licensecheck.Scan(text)
	ids := []string{}
	if coverage.Percent < enough {
		return ids
	}
	for _, match := range coverage.Match {
		ids = append(ids, match.ID)
	}
	return ids
}
