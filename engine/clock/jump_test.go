package clock

import (
	"testing"
	"time"
)

func TestCheckTokens(t *testing.T) {
	tests := []struct {
		name string
		jump time.Duration
		ends bool
	}{
		{"nobody set the clock", 0, false},
		{"a small correction back", -time.Minute, false},
		{"back by days, of many that the engine has run", -5 * 24 * time.Hour, true},
		{"years forward: tokens expire, and are replaced", 10 * 365 * 24 * time.Hour, false},
	}
	for _, test := range tests {
		if err := CheckTokens(test.jump); (err != nil) != test.ends {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestJumpIsNothingWhileNobodySetsTheClock(t *testing.T) {
	before := time.Now()
	if got := Jump(before, before.Add(time.Hour)); got != 0 {
		t.Errorf("got %s", got)
	}
}
