package components

import (
	"errors"
	"testing"
)

func TestOfAnAnswerOfReadyzOnlyWhatFailedIsTold(t *testing.T) {
	refused := errors.New("the server is currently unable to handle the request")
	for _, test := range []struct {
		name, answer string
		err          error
		want         string
	}{
		{"two checks", "[+]ping ok\n[-]etcd failed: reason withheld\n[+]log ok\n[-]poststarthook/rbac/bootstrap-roles failed: reason withheld\nreadyz check failed\n",
			refused, "not done: etcd, poststarthook/rbac/bootstrap-roles"},
		{"another answer", "unavailable", refused, refused.Error()},
		{"none", "", refused, refused.Error()},
		{"ready", "ok", nil, ""},
	} {
		got := ""
		if err := failedChecks(test.answer, test.err); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s: %s", test.name, got)
		}
	}
}
