package logs

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestRepeats(t *testing.T) {
	var r repeats
	start := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	var written []string
	say := func(after time.Duration, message string) {
		if text, show := r.pass(message, start.Add(after)); show {
			written = append(written, text)
		}
	}
	for second := range 60 {
		say(time.Duration(second)*time.Second, fmt.Sprintf("cannot write pod %d: no space left", second))
	}
	say(30*time.Second, "something else")
	if len(written) != repeatsShown+1 {
		t.Errorf("in the first minute: %q", written)
	}
	say(61*time.Second, "cannot write pod 61: no space left")
	if last := written[len(written)-1]; !strings.HasSuffix(last, "(and 57 more like this since the last one)") {
		t.Errorf("afterwards: %q", last)
	}
	say(62*time.Second, "cannot write pod 62: no space left")
	if last := written[len(written)-1]; last != "cannot write pod 62: no space left" {
		t.Errorf("the second of the second minute: %q", last)
	}
}

func TestRepeatsForgetRatherThanGrow(t *testing.T) {
	var r repeats
	for i := range 3 * kindsKept {
		if _, show := r.pass(strings.Repeat("a", i%150)+strings.Repeat("b", i/150), time.Time{}); !show {
			t.Fatal("the first of a kind was hidden")
		}
	}
	if len(r.kinds) > kindsKept {
		t.Errorf("%d kinds are kept", len(r.kinds))
	}
}
