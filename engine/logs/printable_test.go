package logs

import "testing"

func TestNothingThatActsOnATerminalIsPrintable(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"plain", "pod web: Größe 1\t2\n\"quoted\"", "pod web: Größe 1\t2\n\"quoted\""},
		{"colours and the window's title", "\x1b[31mred\x1b]0;title\a", `\x1b[31mred\x1b]0;title\a`},
		{"a line that overwrites", "failed\rready", `failed\rready`},
		{"C1 controls", "\u009b2J", `\u009b2J`},
		{"the direction of writing", "gpj.\u202eexe", `gpj.\u202eexe`},
		{"no UTF-8", "a\xffb\x9b", `a\xffb\x9b`},
	} {
		if got := Printable(test.text); got != test.want {
			t.Errorf("%s: %q", test.name, got)
		}
	}
}
