package clock

import (
	"testing"
	"time"
)

func TestCheckTrust(t *testing.T) {
	started := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		name string
		now  time.Time
		ends bool
	}{
		{"at the start", started, false},
		{"a small correction back", started.Add(-40 * time.Minute), false},
		{"an hour back", started.Add(-time.Hour), true},
		{"back to 1970", time.Unix(0, 0), true},
		{"two years later", started.AddDate(2, 0, 0), false},
		{"three years later", started.AddDate(3, 0, 0), true},
		{"started in 1970", time.Date(2080, 1, 1, 0, 0, 0, 0, time.UTC), true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := CheckTrust(started, test.now); (err != nil) != test.ends {
				t.Errorf("got %v", err)
			}
		})
	}
}
