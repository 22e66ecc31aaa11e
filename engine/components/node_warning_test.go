package components

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestAWarningIsWrittenWhenItIsNew(t *testing.T) {
	now := metav1.NewTime(time.Unix(1_800_000_000, 0))
	earlier := metav1.NewTime(time.Unix(1_700_000_000, 0))
	has := func(status corev1.ConditionStatus, message string) []corev1.NodeCondition {
		return []corev1.NodeCondition{{Type: corev1.NodeReady, Status: corev1.ConditionTrue},
			{Type: networkOverlap.condition, Status: status, Message: message, LastTransitionTime: earlier}}
	}
	const gone = "no network of the host is also the cluster's"
	for what, test := range map[string]struct {
		present []corev1.NodeCondition
		message string
		want    corev1.ConditionStatus // "" for nothing to write
		since   metav1.Time
	}{
		"there never was one":  {nil, "", "", now},
		"the first":            {nil, "eth0 overlaps", corev1.ConditionTrue, now},
		"the same":             {has(corev1.ConditionTrue, "eth0 overlaps"), "eth0 overlaps", "", now},
		"another one":          {has(corev1.ConditionTrue, "eth0 overlaps"), "eth1 overlaps", corev1.ConditionTrue, earlier},
		"it is over":           {has(corev1.ConditionTrue, "eth0 overlaps"), "", corev1.ConditionFalse, now},
		"it has been so since": {has(corev1.ConditionFalse, gone), "", "", now},
	} {
		got := networkOverlap.choose(test.present, test.message, now)
		if got == nil {
			if test.want != "" {
				t.Errorf("%s: nothing is written", what)
			}
			continue
		}
		if got.Status != test.want || !got.LastTransitionTime.Equal(&test.since) {
			t.Errorf("%s: %+v", what, got)
		}
	}
}
