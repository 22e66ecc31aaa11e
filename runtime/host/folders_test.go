package host

import (
	"fmt"
	"path/filepath"
	"testing"
)

func TestAgentsMakeTheSameFoldersAtATime(t *testing.T) {
	root := t.TempDir()
	for round := range 50 {
		place := filepath.Join(root, fmt.Sprint(round), "run", "boot-partition")
		failures := make(chan error, 8)
		for agent := range cap(failures) {
			go func() { failures <- MakeDirectory(filepath.Join(place, fmt.Sprint(agent)), WriteOptions{}) }()
		}
		for range cap(failures) {
			if err := <-failures; err != nil {
				t.Fatal(err)
			}
		}
	}
}
