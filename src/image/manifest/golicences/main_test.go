package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const isc = `Copyright (c) 2020 Somebody

Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby
granted, provided that the above copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED
WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR
CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF
CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.
`

// The shortest text that is known: the ISC licence without its condition.
var zero = strings.Replace(isc, ", provided that the above copyright notice and this permission notice appear in all copies", "", 1)

func TestFolders(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"a known text", map[string]string{"LICENSE": isc}, `[["ISC"]]`},
		{"the other spelling, with an ending", map[string]string{"Licence.txt": isc}, `[["ISC"]]`},
		{"a licence's name as the ending", map[string]string{"LICENSE.MIT": isc}, `[["ISC"]]`},
		{"two files, sorted", map[string]string{"LICENSE": isc, "COPYING": zero}, `[["0BSD","ISC"]]`},
		{"the same twice", map[string]string{"LICENSE": isc, "COPYING": isc}, `[["ISC"]]`},
		{"a few known words in much else", map[string]string{"LICENSE": isc + strings.Repeat("Ask us for ours. ", 200)}, `[[]]`},
		{"the licence of something else", map[string]string{"LICENSE-3RD-PARTY": isc, "NOTICE": isc}, `[[]]`},
		{"no file", nil, `[[]]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := t.TempDir()
			for name, text := range c.files {
				if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			var output strings.Builder
			if err := run(strings.NewReader(folder+"\n"), &output); err != nil {
				t.Fatal(err)
			}
			if got := strings.TrimSpace(output.String()); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestRefusesAFolderThatIsNotThere(t *testing.T) {
	if err := run(strings.NewReader("/nowhere\n"), &strings.Builder{}); err == nil {
		t.Error("no error")
	}
}
