package components

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cri "k8s.io/cri-api/pkg/apis/runtime/v1"

	"kubesolo-os/engine/quarantine"
)

// What a run that crashed leaves is what it worked on; the next one holds it, and nothing else.
func TestAStepOfAPodsStartThatEndedTheEngineIsHeld(t *testing.T) {
	pod := func(name string) *cri.PodSandboxConfig {
		return &cri.PodSandboxConfig{Metadata: &cri.PodSandboxMetadata{Namespace: "shop", Name: name, Uid: "uid-" + name}}
	}
	container := &cri.ContainerConfig{Metadata: &cri.ContainerMetadata{Name: "main"}}
	nothing := func() error { return nil }
	made := func() (string, error) { return "1234", nil }
	steps := map[string]func(podStarts, string) error{
		"the sandbox of pod shop/odd":           func(s podStarts, name string) error { return s.sandbox(pod(name), nothing) },
		"making container main of pod shop/odd": func(s podStarts, name string) error { _, err := s.created(container, pod(name), made); return err },
		"starting container main of pod shop/odd": func(s podStarts, name string) error {
			if _, err := s.created(container, pod(name), made); err != nil {
				return err
			}
			return s.started("1234", nothing)
		},
	}
	for step, start := range steps {
		t.Run(step, func(t *testing.T) {
			folder := t.TempDir()
			open := func(reason string) (podStarts, []quarantine.Item) {
				ledger, suspects := quarantine.Open(folder, "1", reason, time.Now)
				return newPodStarts(ledger), suspects
			}
			crashing, _ := open("")
			leaveNoted(t, crashing, step, folder)
			next, suspects := open("a panic")
			if len(suspects) != 1 || !strings.HasPrefix(suspects[0].Key, step) {
				t.Fatalf("suspected: %+v", suspects)
			}
			if err := start(next, "odd"); err == nil || !strings.Contains(err.Error(), "it ended the engine (a panic) and isn't tried again before") {
				t.Errorf("got %v", err)
			}
			if err := start(next, "plain"); err != nil {
				t.Errorf("another pod: %v", err)
			}
		})
	}
}

// leaveNoted is a crash in the middle of a step: its note stays.
func leaveNoted(t *testing.T, starts podStarts, step, folder string) {
	t.Helper()
	_ = starts.note(step+" (uid-odd)", func() error {
		notes, err := filepath.Glob(filepath.Join(folder, "*.working"))
		if err != nil || len(notes) != 1 {
			t.Fatalf("noted: %v, %v", notes, err)
		}
		return os.Link(notes[0], notes[0]+".kept")
	})
	kept, err := filepath.Glob(filepath.Join(folder, "*.kept"))
	if err != nil || len(kept) != 1 {
		t.Fatal(kept, err)
	}
	if err := os.Rename(kept[0], strings.TrimSuffix(kept[0], ".kept")); err != nil {
		t.Fatal(err)
	}
}
