package host

import (
	"testing"
	"time"
)

func TestProgress(t *testing.T) {
	for want, p := range map[string]progress{
		"root: 0 of 76 MB":  {announce: "root", doneBytes: 999_999, sizeBytes: 76_000_001},
		"root: 34 of 76 MB": {announce: "root", doneBytes: 34_000_000, sizeBytes: 76_999_999},
		"a: 76 of 76 MB":    {announce: "a", doneBytes: 76_999_999, sizeBytes: 76_999_999},
	} {
		if line := p.line(); line != want {
			t.Errorf("%q, not %q", line, want)
		}
	}
	p := newProgress("root", 5, 10)
	_, _ = p.Write([]byte("abc"))
	if p.doneBytes != 8 {
		t.Errorf("counted %d", p.doneBytes)
	}
	for pause, want := range map[time.Duration]bool{0: false, 4900 * time.Millisecond: false, 5 * time.Second: true} {
		if got := p.isDue(p.lastPrinted.Add(pause)); got != want {
			t.Errorf("after %v: %v", pause, got)
		}
	}
	begun := time.Now()
	p.lastPrinted = begun.Add(-progressPause)
	_, _ = p.Write(nil)
	if p.lastPrinted.Before(begun) {
		t.Error("the next line doesn't wait")
	}
}
